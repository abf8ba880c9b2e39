import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { AcceptedMessage, ReceivedMessage } from './messages/message.ts';
import { MessageTable } from './messages/message-table.ts';
import { InFlightLimit, maxInFlight, QueueContents } from './messages/queue-contents.ts';
import { ReceiptHandles } from './messages/receipt-handle.ts';
import { RecentRecords } from './messages/recent-records.ts';
import { WaitingReceivers } from './messages/waiting-receivers.ts';
import { type Queue, QueueAddresses, type QueuePlace } from './queues/queue-addresses.ts';
import { QueueTable } from './queues/queue-table.ts';

export interface SqsOptions extends QueuePlace {
  readonly store: Store;
  readonly clock: Clock;
  /**
   * Seconds for which the name of a deleted queue cannot be reused.
   * @default 60 (API reference, DeleteQueue)
   */
  readonly nameReservedSeconds?: number;
  /**
   * Maximum number of in-flight messages of a queue.
   * @default 120000 (API reference, ChangeMessageVisibility)
   */
  readonly inFlightLimit?: number;
  /**
   * Called when a message has arrived in a dead-letter queue, moved there by SQS or sent; must not
   * throw.
   */
  readonly onDeadLetter?: ((queueArn: string) => void) | undefined;
}

/** What the actions work on: the tables, the clock and the waiting receivers. */
export class Broker {
  readonly store: Store;
  readonly clock: Clock;
  readonly accountId: string;
  readonly nameReservedSeconds: number;
  readonly addresses: QueueAddresses;
  readonly queues: QueueTable;
  readonly messages: MessageTable;
  readonly contents: QueueContents;
  /** The messages that FIFO queues accepted, deleted ones included, by deduplication id. */
  readonly deduplication: RecentRecords<AcceptedMessage>;
  /** The messages that receives of FIFO queues returned, by the id of the receive attempt. */
  readonly attempts: RecentRecords<readonly ReceivedMessage[]>;
  readonly inFlight: InFlightLimit;
  readonly handles: ReceiptHandles;
  readonly receivers: WaitingReceivers;
  readonly #onDeadLetter: SqsOptions['onDeadLetter'];

  constructor(options: SqsOptions) {
    const { store, clock } = options;
    const { db } = store;
    this.store = store;
    this.clock = clock;
    this.accountId = options.accountId;
    this.#onDeadLetter = options.onDeadLetter;
    this.nameReservedSeconds = options.nameReservedSeconds ?? 60;
    this.addresses = new QueueAddresses(options);
    this.queues = new QueueTable(db, this.addresses);
    this.messages = new MessageTable(db);
    this.contents = new QueueContents(db);
    this.deduplication = new RecentRecords(db, 'sqs_accepted');
    this.attempts = new RecentRecords(db, 'sqs_attempts');
    this.inFlight = new InFlightLimit(this.contents, options.inFlightLimit ?? maxInFlight);
    this.handles = new ReceiptHandles(sealingKey(db));
    this.receivers = new WaitingReceivers(store, clock, (queueId) => this.#nextDueAt(queueId));
  }

  /** Integer milliseconds, as SQS's timestamps are and as the tables store them. */
  now(): number {
    return Math.floor(this.clock.now());
  }

  /** To be called for each message that enters a queue, within the transaction. */
  messageArrived({ arn }: Queue): void {
    if (!this.#onDeadLetter || this.queues.sourcesOf(arn, '', 1).length === 0) {
      return;
    }
    this.store.whenCommitted(() => this.#onDeadLetter?.(arn));
  }

  /** The next time at which a delay or visibility timeout of a message of the queue ends. */
  #nextDueAt(queueId: number): number | undefined {
    const dueAt = this.messages.nextDueAt(queueId, this.now());
    const queue = dueAt === undefined ? undefined : this.queues.findById(queueId);
    // When a message expires in flight, its FIFO group can be received again.
    const expiresAt = queue?.fifo ? this.contents.nextExpiryAt(queue) : undefined;
    return dueAt !== undefined && expiresAt !== undefined ? Math.min(dueAt, expiresAt) : dueAt;
  }

  /** Deletes all messages of a queue and its deduplication and receive-attempt records. */
  empty(queue: Queue): void {
    this.contents.clear(queue.id);
    this.deduplication.clear(queue.id);
    this.attempts.clear(queue.id);
    this.inFlight.forget(queue.id);
  }
}

/** Created once for each store, so that receipt handles stay valid after a restart. */
function sealingKey(db: DatabaseSync): Uint8Array {
  db.exec('CREATE TABLE IF NOT EXISTS sqs_sealing_key (key BLOB NOT NULL) STRICT');
  const find = db.prepare('SELECT key FROM sqs_sealing_key');
  if (!find.get()) {
    db.prepare('INSERT INTO sqs_sealing_key VALUES (?)').run(randomBytes(32));
  }
  return (find.get() as { key: Uint8Array }).key;
}
