import { kind } from '../kind.ts';
import { readEngine } from './engines/read-engine.ts';
import { isOutbound } from './is-outbound.ts';
import { messageData } from './message-data.ts';
import { messageIdentity } from './message-key.ts';
import { ofSomeMessage } from './of-some-message.ts';
import { readMessage } from './read-message.ts';
import { wireMessage } from './wire-message.ts';

const ofMessage = {
  payload: wireMessage,
  data: messageData,
  read: readMessage,
  chat: (data) => data.chat,
  fromMe: isOutbound,
  ...ofSomeMessage,
  findUnknown: ({ data, payload }, { engine }) => {
    if (data.content !== 'other') {
      return undefined;
    }
    const { unknown } = readEngine(payload._data, engine, payload.hasMedia === true);
    return unknown && `_data.${unknown}`;
  },
  occurredAt: (data) => data.sentAt,
} satisfies Partial<Parameters<typeof kind<typeof wireMessage, typeof messageData>>[0]>;

/** `message` and `message.any` report the same inbound message, so they share this rule. */
const messageKey = {
  name: 'message',
  identify: ({ data }: { data: Parameters<typeof messageIdentity>[0] }) => messageIdentity(data),
};

/** Somebody wrote to this account. */
export const message = kind({
  ...ofMessage,
  key: messageKey,
});

/** Anybody wrote anything. */
export const messageAny = kind({
  ...ofMessage,
  key: messageKey,
});

/** A message that cannot be read yet. */
export const messageWaiting = kind({
  ...ofMessage,
  read(wire, context) {
    const message = readMessage(wire, context);
    if (message.content !== 'other') {
      return message;
    }
    return { ...message, content: 'unavailable' as const, unavailable: 'undecryptable' as const };
  },
  key: {
    ...messageKey,
    name: 'message.waiting',
  },
});
