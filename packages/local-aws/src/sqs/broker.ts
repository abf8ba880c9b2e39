import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { AcceptedMessage, ReceivedMessage } from './messages/message.ts';
import { MessageTable } from './messages/message-table.ts';
import { InFlightLimit, maxInFlight, QueueContents } from './messages/queue-contents.ts';
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

/**
 * SQS keeps deduplication ids and receive attempt ids for 5 minutes (API reference, SendMessage,
 * "The 5-minute deduplication interval", and ReceiveMessage, `ReceiveRequestAttemptId`).
 */
const lifetimeMs = 5 * 60 * 1000;

/** Values that a FIFO queue keeps by key for five minutes, in the store. */
class RecentRecords<Value> {
  readonly #deleteExpired: StatementSync;
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #clear: StatementSync;

  /** @param table a name of its own for each kind of record */
  constructor(db: DatabaseSync, table: string) {
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (
        queue_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (queue_id, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS ${table}_age ON ${table} (queue_id, expires_at)`);
    this.#deleteExpired = db.prepare(`DELETE FROM ${table} WHERE queue_id = ? AND expires_at <= ?`);
    this.#find = db.prepare(`SELECT value FROM ${table} WHERE queue_id = ? AND key = ?`);
    this.#put = db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?)`);
    this.#clear = db.prepare(`DELETE FROM ${table} WHERE queue_id = ?`);
  }

  /** The value of a key, and deletes the queue's expired records. */
  find(queueId: number, key: string, now: number): Value | undefined {
    this.#deleteExpired.run(queueId, now);
    const row = this.#find.get(queueId, key) as { value: string } | undefined;
    return row && (JSON.parse(row.value) as Value);
  }

  put(queueId: number, key: string, value: Value, now: number): void {
    this.#put.run(queueId, key, JSON.stringify(value), now + lifetimeMs);
  }

  clear(queueId: number): void {
    this.#clear.run(queueId);
  }
}

/** The content of a receipt handle: one receive of one message from one queue. */
export interface Receipt {
  readonly queueId: number;
  readonly seq: number;
  /** Number of receives of the message from this queue, this one included. */
  readonly receive: number;
}

/** Version and format; base64 of it is `AQEB`, with which AWS's handles start. */
const mark = [1, 1, 1];
const payloadBytes = 3 + 6 + 6 + 6;
const sealBytes = 15;

/**
 * Handles are authenticated with a key of the store. So invalid handles are recognized, and a
 * handle from a deleted store cannot delete a message that now has the same number.
 */
class ReceiptHandles {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  write({ queueId, seq, receive }: Receipt): string {
    const payload = Buffer.alloc(payloadBytes);
    payload.set(mark);
    payload.writeUIntBE(queueId, 3, 6);
    payload.writeUIntBE(seq, 9, 6);
    payload.writeUIntBE(receive, 15, 6);
    return Buffer.concat([payload, this.#seal(payload)]).toString('base64');
  }

  /** Returns `undefined` for a handle that this store never issued. */
  read(handle: string): Receipt | undefined {
    if (handle.length !== ((payloadBytes + sealBytes) / 3) * 4) {
      return undefined;
    }
    const bytes = Buffer.from(handle, 'base64');
    if (bytes.toString('base64') !== handle) {
      return undefined;
    }
    const payload = bytes.subarray(0, payloadBytes);
    if (!timingSafeEqual(bytes.subarray(payloadBytes), this.#seal(payload))) {
      return undefined;
    }
    return {
      queueId: payload.readUIntBE(3, 6),
      seq: payload.readUIntBE(9, 6),
      receive: payload.readUIntBE(15, 6),
    };
  }

  /**
   * A hash of key and payload takes a fraction of an HMAC's time. The length-extension attack that
   * an HMAC prevents is impossible here: the payload has a fixed length, and only a part of the
   * hash is published.
   */
  #seal(payload: Buffer): Buffer {
    return hash('sha256', Buffer.concat([this.#key, payload]), 'buffer').subarray(0, sealBytes);
  }
}
