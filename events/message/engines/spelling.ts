import { own } from '../../own.ts';

/**
 * The fields of WhatsApp's message format (`waE2E.proto`) that are read, by their names in that file, with
 * their path in an engine's object: one path, or several of which the first existing one is used.
 */
export interface Spelling {
  /** `Message`: the field of the engine's object that contains the message. */
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

/** Reads the fields of a message as one engine spells them. */
export interface Fields {
  /** The value of a field, at the first of its paths that exists. */
  get(value: unknown, name: keyof Spelling): unknown;
  /** The text of a field; undefined for anything else and for the empty string. */
  text(value: unknown, name: keyof Spelling): string | undefined;
}

/** Creates the reader of fields for an engine's spelling. */
export function createFields(spelling: Spelling): Fields {
  const paths = Object.fromEntries(
    Object.entries(spelling).map(([name, field]: [string, Field]) => [
      name,
      (typeof field === 'string' ? [field] : field).map((path) => path.split('.')),
    ]),
  ) as unknown as { readonly [Name in keyof Spelling]: readonly (readonly string[])[] };

  function get(value: unknown, name: keyof Spelling): unknown {
    for (const path of paths[name]) {
      const found = own(value, ...path);
      if (found !== undefined && found !== null) {
        return found;
      }
    }
    return undefined;
  }

  function text(value: unknown, name: keyof Spelling): string | undefined {
    const found = get(value, name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  }

  return { get, text };
}
