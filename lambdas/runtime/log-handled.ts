import type { WhatsAppEvent } from '../../events/envelope.ts';
import type { Delivery } from './consume.ts';
import { log } from './log.ts';

/** What types look like. Whoever may write to a queue can put anything in their place. */
const plain = /^[\w.:+-]{1,128}$/;

/**
 * Says all about an event that has reached its consumer: at the level INFO where it took more than one
 * delivery or was asked for again, else at DEBUG or where its webhook is sampled. That it was handled
 * stands in the line of its batch anyway.
 */
export function logHandled(event: WhatsAppEvent, { receiveCount }: Delivery): void {
  const { type, session, replay } = event.meta;
  const isUnusual = receiveCount > 1 || replay !== undefined;
  log[isUnusual ? 'info' : 'debug']('handled', {
    consumer: process.env.CONSUMER,
    type: typeof type === 'string' && plain.test(type) ? type : undefined,
    session: typeof session === 'string' ? session : undefined,
    receiveCount,
  });
}
