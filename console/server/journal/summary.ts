import { own, ownText } from '../../../events/own.ts';
import type { Outcome } from './outcome.ts';

/** What the list shows of an event. */
export interface Summary {
  /** Counts the events that this console has seen, from 1. */
  readonly seq: number;
  /** EventBridge's id. */
  readonly eventId: string;
  /** The idempotency key. Absent where the event is not of ours. */
  readonly key?: string;
  readonly type: string;
  readonly category?: string;
  readonly session?: string;
  readonly sender?: string;
  readonly engine?: string;
  readonly chat?: string;
  readonly fromMe?: boolean;
  /** The beginning of what a person wrote. */
  readonly preview?: string;
  /** When the webhook came in, or else when the event was published; epoch milliseconds. */
  readonly at: number;
  readonly outcome: Outcome;
  /** Names of the queues and other targets. */
  readonly targets: readonly string[];
  /** Why it may be the second report of a fact. */
  readonly mark?: 'duplicate' | 'conflict' | 'replay';
  readonly bytes: number;
}

/** The part of a summary that comes from the event itself. */
export type Head = Omit<Summary, 'seq' | 'eventId' | 'outcome' | 'targets'>;

const maxPreviewLength = 160;
const maxNameLength = 300;

/** Reads the head of an event on the bus. Takes anything; never throws. */
export function readHead(
  event: unknown,
  known: { readonly type: string; readonly at: number; readonly bytes: number },
): Head {
  const text = (...path: string[]) =>
    ownText(event, 'detail', 'meta', ...path)?.slice(0, maxNameLength);
  const received = Date.parse(text('receivedAt') ?? '');
  const fromMe = own(event, 'detail', 'meta', 'fromMe');
  const body = ownText(event, 'detail', 'data', 'body');
  return {
    ...known,
    type: known.type.slice(0, maxNameLength),
    at: Number.isNaN(received) ? known.at : received,
    key: text('id'),
    category: text('category'),
    session: text('session'),
    sender: text('sender'),
    engine: text('engine'),
    chat: text('chat'),
    ...(typeof fromMe === 'boolean' && { fromMe }),
    ...(body !== undefined && { preview: body.slice(0, maxPreviewLength) }),
    mark: markOf(event),
  };
}

function markOf(event: unknown): Summary['mark'] {
  const meta = own(event, 'detail', 'meta');
  if (ownText(meta, 'replay') !== undefined || ownText(event, 'replay-name') !== undefined) {
    return 'replay';
  }
  if (ownText(meta, 'duplicateOf') !== undefined) {
    return 'duplicate';
  }
  return own(meta, 'conflict') === true ? 'conflict' : undefined;
}
