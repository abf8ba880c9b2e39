import { own, ownText } from '../../own.ts';
import type { EngineReading } from './engine-reading.ts';
import { createProtoReader } from './proto.ts';
import { isEnum, isObject, readPositive } from './raw-value.ts';
import type { Spelling } from './spelling.ts';

/** The spelling of Baileys: the names of its `WAProto.proto`, with a `oneof` like any other field. */
const spelling: Spelling = {
  message: 'message',
  keyId: 'id',
  stanzaId: 'stanzaId',
  remoteJid: 'remoteJid',
  mentionedJid: 'mentionedJid',
  groupJid: 'groupJid',
  sourceId: 'sourceId',
  sourceUrl: 'sourceUrl',
  ptt: 'ptt',
  url: 'url',
  selectedButtonId: 'selectedButtonId',
  selectedButtonText: 'selectedDisplayText',
  selectedId: 'selectedId',
  selectedRowId: 'singleSelectReply.selectedRowId',
  nativeFlowResponse: 'nativeFlowResponseMessage',
  paramsJson: 'paramsJson',
  nativeFlow: 'nativeFlowMessage',
  buttonParamsJson: 'buttonParamsJson',
  cards: 'carouselMessage.cards',
  headerText: 'text',
  buttonId: 'buttonId',
  rowId: 'rowId',
  hydratedTemplate: ['hydratedTemplate', 'hydratedFourRowTemplate'],
  interactiveTemplate: 'interactiveMessageTemplate',
  hydratedTitle: 'hydratedTitleText',
  quickReplyButton: 'quickReplyButton',
  urlButton: 'urlButton',
  callButton: 'callButton',
  quickReplyId: 'id',
  orderId: 'orderId',
  productId: 'productId',
  retailerId: 'retailerId',
  businessOwnerJid: 'businessOwnerJid',
};

/** Reads WhatsApp's own message format in Baileys' spelling. */
export const nowebProto = createProtoReader(spelling);

/**
 * Notices that appear in chats, by `WebMessageInfo.StubType`. Baileys uses numbers; its JSON may have the
 * name instead. Other notices keep their number.
 */
const stubs: ReadonlyMap<unknown, string> = new Map([
  [20, 'GROUP_CREATE'],
  [21, 'GROUP_CHANGE_SUBJECT'],
  [22, 'GROUP_CHANGE_ICON'],
  [23, 'GROUP_CHANGE_INVITE_LINK'],
  [24, 'GROUP_CHANGE_DESCRIPTION'],
  [25, 'GROUP_CHANGE_RESTRICT'],
  [26, 'GROUP_CHANGE_ANNOUNCE'],
  [27, 'GROUP_PARTICIPANT_ADD'],
  [28, 'GROUP_PARTICIPANT_REMOVE'],
  [29, 'GROUP_PARTICIPANT_PROMOTE'],
  [30, 'GROUP_PARTICIPANT_DEMOTE'],
  [31, 'GROUP_PARTICIPANT_INVITE'],
  [32, 'GROUP_PARTICIPANT_LEAVE'],
  [33, 'GROUP_PARTICIPANT_CHANGE_NUMBER'],
  [38, 'E2E_IDENTITY_CHANGED'],
  [39, 'E2E_ENCRYPTED'],
  [40, 'CALL_MISSED_VOICE'],
  [41, 'CALL_MISSED_VIDEO'],
  [42, 'INDIVIDUAL_CHANGE_NUMBER'],
  [43, 'GROUP_DELETE'],
  [45, 'CALL_MISSED_GROUP_VOICE'],
  [46, 'CALL_MISSED_GROUP_VIDEO'],
  [73, 'E2E_DEVICE_CHANGED'],
  [75, 'E2E_ENCRYPTED_NOW'],
  [132, 'ADMIN_REVOKE'],
  [144, 'GROUP_MEMBERSHIP_JOIN_APPROVAL_REQUEST'],
  [145, 'GROUP_MEMBERSHIP_JOIN_APPROVAL_MODE'],
  [171, 'GROUP_MEMBER_ADD_MODE'],
]);

/** Reads the `WebMessageInfo` that NOWEB puts into `_data`. */
export function readNoweb(raw: unknown): EngineReading {
  const message = own(raw, 'message');
  if (isObject(message) && Object.keys(message).length > 0) {
    const reading = nowebProto.readMessage(message);
    if (reading.content !== undefined || reading.unknown !== undefined) {
      return reading;
    }
  }
  if (own(raw, 'key', 'isViewOnce') === true) {
    return { content: 'unavailable', unavailable: 'view-once' };
  }
  return readStub(raw);
}

function readStub(raw: unknown): EngineReading {
  const type = own(raw, 'messageStubType');
  if (type === undefined || type === null || isEnum(type, 'UNKNOWN', 0)) {
    return {};
  }
  if (isEnum(type, 'CIPHERTEXT', 2)) {
    return { content: 'unavailable', unavailable: 'undecryptable' };
  }
  if (isEnum(type, 'FUTUREPROOF', 3) || isEnum(type, 'OVERSIZED', 68)) {
    return { content: 'unavailable', unavailable: 'unsupported' };
  }
  if (isEnum(type, 'CHANGE_EPHEMERAL_SETTING', 72)) {
    const seconds = readPositive(own(raw, 'messageStubParameters', '0')) ?? 0;
    return {
      content: 'system',
      system: { notice: 'disappearing-timer', expiresAfterSeconds: seconds },
    };
  }
  const notice = stubs.get(type) ?? ownText(raw, 'messageStubType') ?? `stub-${Number(type)}`;
  return { content: 'system', system: { notice: notice.slice(0, 64) } };
}
