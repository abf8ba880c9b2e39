import type { AnyKind } from '../kind.ts';
import { messageAck, messageAckGroup } from '../message/acknowledgement-kinds.ts';
import { messageEdited, messageReaction, messageRevoked } from '../message/change-kinds.ts';
import { message, messageAny, messageWaiting } from '../message/message-kinds.ts';

/** Messages and what becomes of them. */
export const messages = {
  message,
  'message.any': messageAny,
  'message.waiting': messageWaiting,
  'message.reaction': messageReaction,
  'message.ack': messageAck,
  'message.ack.group': messageAckGroup,
  'message.revoked': messageRevoked,
  'message.edited': messageEdited,
} as const satisfies Record<string, AnyKind>;
