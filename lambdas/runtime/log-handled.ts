import type { WhatsAppEvent } from '../../events/envelope.ts';
import type { Delivery } from './consume.ts';
import { hashChat } from './hash-chat.ts';
import { log } from './log.ts';

/** What ids, types and times look like. Whoever may write to a queue can put anything in their place. */
const plain = /^[\w.:+-]{1,128}$/;

/** Writes the one line that says an event has reached its consumer. */
export function logHandled(event: WhatsAppEvent, { receiveCount }: Delivery): void {
  const { id, type, session, chat, requestId, occurredAt, receivedAt } = event.meta;
  log.info('handled', {
    consumer: process.env.CONSUMER,
    id: shown(id),
    type: shown(type),
    session: typeof session === 'string' ? session : undefined,
    chat: typeof chat === 'string' ? hashChat(chat) : undefined,
    requestId: shown(requestId),
    occurredAt: shown(occurredAt),
    receivedAt: shown(receivedAt),
    receiveCount,
  });
}

const shown = (value: unknown) =>
  typeof value === 'string' && plain.test(value) ? value : undefined;
