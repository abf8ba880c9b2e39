import type { WhatsAppEvent } from '../../events/envelope.ts';
import type { Delivery } from './consume.ts';
import { hashChat } from './hash-chat.ts';
import { log } from './log.ts';

/** Writes the one line that says an event has reached its consumer. */
export function logHandled(event: WhatsAppEvent, { receiveCount }: Delivery): void {
  const { meta } = event;
  log.info('handled', {
    consumer: process.env.CONSUMER,
    id: meta.id,
    type: meta.type,
    session: meta.session,
    chat: hashChat(meta.chat),
    requestId: meta.requestId,
    occurredAt: meta.occurredAt,
    receivedAt: meta.receivedAt,
    receiveCount,
  });
}
