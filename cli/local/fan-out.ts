import type { LocalObserver } from '@event-fanout/local-aws';
import { nameOf } from './name-of.ts';

/** One event that has come onto a bus, and where it went; never with its content. */
export interface FanOut {
  /** ISO 8601, of the machine's clock. */
  readonly time: string;
  /** The idempotency key of a webhook; for another event EventBridge's id. */
  readonly id: string;
  /** The detail-type. */
  readonly type: string;
  /** The WhatsApp session that it is from, if it says so. */
  readonly session: string | undefined;
  readonly queues: readonly string[];
  /** From the request to the queues, if the event says when it was received. */
  readonly ms: number | undefined;
}

interface Queued {
  readonly id: string | undefined;
  readonly session: string | undefined;
  readonly receivedAt: number;
  readonly queues: string[];
}

/** Events whose publication was not told of yet; a retry's is never told of again. */
const mostOpen = 1_000;

/** Puts together what is told of one event: in which queues it is, and that it was published. */
export function observeFanOut(tell: (fanOut: FanOut) => void): LocalObserver {
  const open = new Map<string, Queued>();
  return {
    queued(queueArn, body) {
      const { eventId, ...about } = readEvent(body);
      if (eventId === undefined) return;
      const event = open.get(eventId) ?? { ...about, queues: [] };
      event.queues.push(nameOf(queueArn));
      open.set(eventId, event);
      const [oldest] = open.keys();
      if (open.size > mostOpen && oldest !== undefined) open.delete(oldest);
    },
    routed(observation) {
      if (observation.kind !== 'published') return;
      const { eventId, detailType } = observation;
      const event = open.get(eventId);
      open.delete(eventId);
      const ms = event ? Date.now() - event.receivedAt : Number.NaN;
      tell({
        time: new Date().toISOString(),
        id: event?.id ?? eventId,
        type: detailType,
        session: event?.session,
        queues: event?.queues ?? [],
        ms: Number.isNaN(ms) ? undefined : ms,
      });
    },
  };
}

/** What of an event's body is worth a line. A target may have got something else than the event. */
function readEvent(body: string) {
  const nothing = { eventId: undefined, id: undefined, session: undefined, receivedAt: Number.NaN };
  try {
    const { id: eventId, detail } = JSON.parse(body);
    if (typeof eventId !== 'string') return nothing;
    const { id, session, receivedAt } = detail?.meta ?? {};
    return {
      eventId,
      id: typeof id === 'string' ? id : undefined,
      session: typeof session === 'string' ? session : undefined,
      receivedAt: typeof receivedAt === 'string' ? Date.parse(receivedAt) : Number.NaN,
    };
  } catch {
    return nothing;
  }
}
