import { own } from '../../own.ts';
import type { EngineReading } from './engine-reading.ts';
import { createProtoReader } from './proto.ts';
import { isObject } from './raw-value.ts';
import type { Spelling } from './spelling.ts';

/**
 * The spelling of whatsmeow's `waE2E` in Go's `encoding/json`: abbreviations in capitals, and each `oneof` as
 * an object with Go's names. The plain name after it is the same field without the wrapper.
 */
const spelling: Spelling = {
  message: 'Message',
  keyId: ['ID', 'id'],
  stanzaId: 'stanzaID',
  remoteJid: 'remoteJID',
  mentionedJid: 'mentionedJID',
  groupJid: 'groupJID',
  sourceId: 'sourceID',
  sourceUrl: 'sourceURL',
  ptt: 'PTT',
  url: 'URL',
  selectedButtonId: 'selectedButtonID',
  selectedButtonText: ['Response.SelectedDisplayText', 'selectedDisplayText'],
  selectedId: 'selectedID',
  selectedRowId: 'singleSelectReply.selectedRowID',
  nativeFlowResponse: [
    'InteractiveResponseMessage.NativeFlowResponseMessage',
    'nativeFlowResponseMessage',
  ],
  paramsJson: 'paramsJSON',
  nativeFlow: ['InteractiveMessage.NativeFlowMessage', 'nativeFlowMessage'],
  buttonParamsJson: 'buttonParamsJSON',
  cards: ['InteractiveMessage.CarouselMessage.cards', 'carouselMessage.cards'],
  headerText: ['Header.Text', 'text'],
  buttonId: 'buttonID',
  rowId: 'rowID',
  hydratedTemplate: ['hydratedTemplate', 'Format.HydratedFourRowTemplate'],
  interactiveTemplate: 'Format.InteractiveMessageTemplate',
  hydratedTitle: ['Title.HydratedTitleText', 'hydratedTitleText'],
  quickReplyButton: ['HydratedButton.QuickReplyButton', 'quickReplyButton'],
  urlButton: ['HydratedButton.UrlButton', 'urlButton'],
  callButton: ['HydratedButton.CallButton', 'callButton'],
  quickReplyId: 'ID',
  orderId: 'orderID',
  productId: 'productID',
  retailerId: 'retailerID',
  businessOwnerJid: 'businessOwnerJID',
};

/** Reads WhatsApp's own message format in whatsmeow's spelling. */
export const gowsProto = createProtoReader(spelling);

/** Reads the `events.Message`, or `events.UndecryptableMessage`, that GOWS puts into `_data`. */
export function readGows(raw: unknown): EngineReading {
  const isViewOnce = own(raw, 'IsViewOnce') === true || own(raw, 'IsViewOnceV2') === true;
  const message = own(raw, 'Message');
  const reading =
    isObject(message) && Object.keys(message).length > 0 ? gowsProto.readMessage(message) : {};
  if (reading.content !== undefined || reading.unknown !== undefined) {
    return isViewOnce ? { ...reading, viewOnce: true } : reading;
  }
  if (isViewOnce || own(raw, 'UnavailableType') === 'view_once') {
    return { content: 'unavailable', unavailable: 'view-once' };
  }
  return own(raw, 'IsUnavailable') !== undefined || own(raw, 'DecryptFailMode') !== undefined
    ? { content: 'unavailable', unavailable: 'undecryptable' }
    : {};
}
