import { kind } from '../kind.ts';
import { isOutbound } from './is-outbound.ts';
import { ofSomeMessage } from './of-some-message.ts';
import {
  acknowledgementData,
  acknowledgementKey,
  readAcknowledgement,
  wireAcknowledgement,
} from './read-acknowledgement.ts';

/** In direct chats, and before WAHA 2025.12.2 in groups too. */
export const messageAck = kind({
  payload: wireAcknowledgement,
  data: acknowledgementData,
  read: readAcknowledgement,
  key: acknowledgementKey,
  chat: (data) => data.chat,
  fromMe: isOutbound,
  ...ofSomeMessage,
  occurredAt: (data) => data.at,
});

/** In groups. */
export const messageAckGroup = kind({
  payload: wireAcknowledgement,
  data: acknowledgementData,
  read: readAcknowledgement,
  key: acknowledgementKey,
  chat: (data) => data.chat,
  fromMe: isOutbound,
  ...ofSomeMessage,
  occurredAt: (data) => data.at,
});
