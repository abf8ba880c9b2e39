/**
 * The fields of WhatsApp's message format (`waE2E.proto`) that are read here, by their names in that
 * file, and where an engine has them: a path of names, or several of which the first that is there counts.
 */
export interface Spelling {
  /** `Message`: what the engine calls the message itself, below its own object. */
  readonly message: Field;
  /** `MessageKey` */
  readonly keyId: Field;
  /** `ContextInfo` */
  readonly stanzaId: Field;
  readonly remoteJid: Field;
  readonly mentionedJid: Field;
  readonly groupJid: Field;
  /** `ExternalAdReplyInfo` */
  readonly sourceId: Field;
  readonly sourceUrl: Field;
  /** `AudioMessage` */
  readonly ptt: Field;
  /** `LocationMessage`, `HydratedURLButton` */
  readonly url: Field;
  /** `ButtonsResponseMessage` */
  readonly selectedButtonId: Field;
  readonly selectedButtonText: Field;
  /** `TemplateButtonReplyMessage` */
  readonly selectedId: Field;
  /** `ListResponseMessage` */
  readonly selectedRowId: Field;
  /** `InteractiveResponseMessage` */
  readonly nativeFlowResponse: Field;
  readonly paramsJson: Field;
  /** `InteractiveMessage` */
  readonly nativeFlow: Field;
  readonly buttonParamsJson: Field;
  readonly cards: Field;
  /** `ButtonsMessage` */
  readonly headerText: Field;
  readonly buttonId: Field;
  /** `ListMessage` */
  readonly rowId: Field;
  /** `TemplateMessage` */
  readonly hydratedTemplate: Field;
  readonly interactiveTemplate: Field;
  readonly hydratedTitle: Field;
  readonly quickReplyButton: Field;
  readonly urlButton: Field;
  readonly callButton: Field;
  readonly quickReplyId: Field;
  /** `OrderMessage` */
  readonly orderId: Field;
  /** `ProductMessage` */
  readonly productId: Field;
  readonly retailerId: Field;
  readonly businessOwnerJid: Field;
}

/** One path, or several to try in turn. Names are separated by dots. */
export type Field = string | readonly string[];
