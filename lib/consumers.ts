import type { Category } from '../events/catalog.ts';
import type { Unrecognized } from '../events/envelope.ts';

/** One consumer: who it is, what it hears, and how it is delivered. */
export interface ConsumerRow {
  /** One sentence for the docs and for the rule's description. */
  readonly summary: string;
  /** The categories of events that its rule lets through. */
  readonly hears: readonly (Category | Unrecognized)[];
  /**
   * Runs `lambdas/consumers/<name>.ts` for each event.
   *
   * @default - no function: the queue is read by a service of your own
   */
  readonly runs?: FunctionSettings;
  /**
   * How often a message is given out before it goes to the dead-letter queue.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;
}

/** How a consumer's function is run. */
export interface FunctionSettings {
  /**
   * Messages in one batch at most, 1 to 10.
   *
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * Seconds that one batch may take. The queue's visibility timeout is six times as long.
   *
   * @default 30
   */
  readonly timeoutSeconds?: number;
  /**
   * Whether each event id has its effect at most once, whatever is delivered twice and whenever the
   * function is killed: one read or two writes to DynamoDB for each event.
   *
   * @default false
   */
  readonly idempotent?: boolean;
  /**
   * Memory in MB.
   *
   * @default - the setting `consumerMemoryMb`
   */
  readonly memoryMb?: number;
}

/**
 * Who hears what. Rules, queues, dead-letter queues, functions, permissions and docs are made from
 * this table; a new consumer is a row here and, if it runs code, one file in lambdas/consumers/.
 */
export const consumers: Readonly<Record<string, ConsumerRow>> = {
  messages: {
    summary: 'Messages with their acks, reactions, edits and revocations',
    hears: ['messages'],
    runs: {},
  },
  groups: {
    summary: 'Groups: joined, left, changed, and who is in them',
    hears: ['groups'],
    runs: {},
  },
  calls: { summary: 'Calls: received, accepted, rejected', hears: ['calls'], runs: {} },
  labels: { summary: 'Labels and the chats that carry them', hears: ['labels'], runs: {} },
  sessions: { summary: 'Status of each WhatsApp session', hears: ['sessions'] },
  presence: { summary: 'Who is online or typing', hears: ['presence'] },
  polls: { summary: 'Votes on polls', hears: ['polls'] },
  chats: { summary: 'Chats archived and unarchived', hears: ['chats'] },
  'event-responses': { summary: 'Answers to calendar events', hears: ['event-responses'] },
  engine: { summary: 'Raw events of the engine underneath', hears: ['engine'] },
  unrecognized: {
    summary: 'Authentic webhooks that the catalog does not understand, with the reasons',
    hears: ['unrecognized'],
  },
};
