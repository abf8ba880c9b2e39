import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { AcceptedEvent, Delivery, Route } from './delivery.ts';

/** Maximum number of concurrent calls to functions and API destinations. */
const maxRunning = 100;
/**
 * Number of deliveries that are read from the store at once; between batches other work can run.
 */
const batch = 100;
/** The pause after an error of the store itself, such as a full disk. */
const storeErrorPauseMs = 1000;
/**
 * The pause of a delivery whose attempt failed with an internal error, not with a response of its
 * target.
 */
const brokenAttemptPauseMs = 60_000;

/** Makes the attempts that are due, with one timer for the earliest of them. */
export class DueDeliveries {
  readonly #table: DeliveryTable;
  readonly #clock: Clock;
  readonly #attempt: (delivery: Delivery) => Promise<void> | undefined;
  readonly #running = new Map<number, Promise<void>>();
  #isStarted = false;
  /** Due deliveries wait in the table until fewer calls are running. */
  #isBehind = false;
  #alarm: { readonly at: number; readonly cancel: () => void } | undefined;

  /** @param attempt returns a promise for an attempt that takes time. */
  constructor(
    table: DeliveryTable,
    clock: Clock,
    attempt: (delivery: Delivery) => Promise<void> | undefined,
  ) {
    this.#table = table;
    this.#clock = clock;
    this.#attempt = attempt;
  }

  /** Starts the retries that an earlier process left. Before this call no delivery is retried. */
  start(): void {
    this.#isStarted = true;
    this.#runDue();
  }

  /** Starts no more attempts; resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    await this.settled();
  }

  /** Resolves when the attempts that are running now have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** The first attempt of a delivery that was just committed. */
  begin(delivery: Delivery): void {
    if (!this.#isStarted) {
      return;
    }
    if (this.#running.size < maxRunning) {
      this.#run(delivery);
    } else {
      this.#isBehind = true;
    }
  }

  wakeAt(dueAt: number): void {
    if (!this.#isStarted || (this.#alarm && this.#alarm.at <= dueAt)) {
      return;
    }
    this.#alarm?.cancel();
    const cancel = this.#clock.after(dueAt - this.#clock.now(), () => {
      this.#alarm = undefined;
      this.#runDue();
    });
    this.#alarm = { at: dueAt, cancel };
  }

  #runDue(): void {
    if (!this.#isStarted) {
      return;
    }
    this.#isBehind = false;
    const now = this.#clock.now();
    try {
      const limit = this.#running.size + batch;
      const due = this.#table.due(now, limit);
      for (const delivery of due) {
        if (this.#running.size >= maxRunning) {
          this.#isBehind = true;
          return;
        }
        if (!this.#running.has(delivery.row ?? 0)) {
          this.#runOrPostpone(delivery);
        }
      }
      if (due.length === limit) {
        this.wakeAt(now);
      }
      const next = this.#table.nextDueAt(now);
      if (next !== undefined) {
        this.wakeAt(next);
      }
    } catch {
      this.wakeAt(now + storeErrorPauseMs);
    }
  }

  /** An attempt that throws must not block the deliveries behind it. */
  #runOrPostpone(delivery: Delivery): void {
    try {
      this.#run(delivery);
    } catch {
      const dueAt = this.#clock.now() + brokenAttemptPauseMs;
      this.#table.postpone(delivery.row ?? 0, delivery.failures, dueAt);
    }
  }

  #run(delivery: Delivery): void {
    const row = delivery.row ?? 0;
    const attempt = this.#attempt(delivery);
    if (!attempt) {
      return;
    }
    const ended = attempt
      // The row is still there: the attempt is made again.
      .catch(() => this.wakeAt(this.#clock.now() + storeErrorPauseMs))
      .finally(() => {
        this.#running.delete(row);
        // Reads again only when half of the slots are free, since each query of the table costs
        // time.
        if (this.#isBehind && this.#running.size <= maxRunning / 2) {
          this.#runDue();
        }
      });
    this.#running.set(row, ended);
  }
}

/** Deliveries that are not finished: in their first attempt, or waiting for the next one. */
export class DeliveryTable {
  readonly #addEvent: StatementSync;
  readonly #add: StatementSync;
  readonly #postpone: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeEvent: StatementSync;
  readonly #due: StatementSync;
  readonly #next: StatementSync;
  readonly #count: StatementSync;
  /** Recently added events, so that several targets share one stored copy. */
  readonly #eventRows = new WeakMap<AcceptedEvent, number>();

  constructor(db: DatabaseSync) {
    db.exec(`CREATE TABLE IF NOT EXISTS eventbridge_events (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        event TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS eventbridge_deliveries (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        event_row INTEGER NOT NULL,
        route TEXT NOT NULL,
        failures INTEGER NOT NULL,
        due_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS eventbridge_deliveries_due ON eventbridge_deliveries (due_at);
      CREATE INDEX IF NOT EXISTS eventbridge_deliveries_event ON eventbridge_deliveries (event_row)`);
    this.#addEvent = db.prepare('INSERT INTO eventbridge_events (event) VALUES (?)');
    this.#add = db.prepare(
      'INSERT INTO eventbridge_deliveries (event_row, route, failures, due_at) VALUES (?, ?, ?, ?)',
    );
    this.#postpone = db.prepare(
      'UPDATE eventbridge_deliveries SET failures = ?, due_at = ? WHERE row = ?',
    );
    this.#remove = db.prepare(
      'DELETE FROM eventbridge_deliveries WHERE row = ? RETURNING event_row',
    );
    this.#removeEvent = db.prepare(
      `DELETE FROM eventbridge_events WHERE row = ?1
       AND NOT EXISTS (SELECT 1 FROM eventbridge_deliveries WHERE event_row = ?1)`,
    );
    this.#due = db.prepare(
      `SELECT d.row, d.route, d.failures, d.event_row, e.event FROM eventbridge_deliveries d
       JOIN eventbridge_events e ON e.row = d.event_row
       WHERE d.due_at <= ? ORDER BY d.due_at, d.row LIMIT ?`,
    );
    this.#next = db.prepare(
      'SELECT min(due_at) AS due_at FROM eventbridge_deliveries WHERE due_at > ?',
    );
    this.#count = db.prepare('SELECT count(*) AS n FROM eventbridge_deliveries');
  }

  /** Stores a delivery until it is finished; returns it with its row. */
  add(delivery: Delivery, dueAt: number): Delivery {
    const { event, route, failures } = delivery;
    let eventRow = this.#eventRows.get(event);
    if (eventRow === undefined) {
      eventRow = Number(this.#addEvent.run(JSON.stringify(event)).lastInsertRowid);
      this.#eventRows.set(event, eventRow);
    }
    const { lastInsertRowid } = this.#add.run(
      eventRow,
      JSON.stringify(route),
      failures,
      Math.ceil(dueAt),
    );
    return { ...delivery, row: Number(lastInsertRowid) };
  }

  postpone(row: number, failures: number, dueAt: number): void {
    this.#postpone.run(failures, Math.ceil(dueAt), row);
  }

  remove(row: number): void {
    const removed = this.#remove.get(row);
    if (removed) {
      this.#removeEvent.run(Number(removed.event_row));
    }
  }

  /** The earliest of the deliveries that are due. */
  due(now: number, limit: number): Delivery[] {
    const events = new Map<number, AcceptedEvent>();
    return this.#due.all(Math.floor(now), limit).map((row) => {
      const eventRow = Number(row.event_row);
      const event = events.get(eventRow) ?? (JSON.parse(String(row.event)) as AcceptedEvent);
      events.set(eventRow, event);
      return {
        event,
        route: JSON.parse(String(row.route)) as Route,
        failures: Number(row.failures),
        row: Number(row.row),
      };
    });
  }

  /** When the next delivery after `now` falls due. */
  nextDueAt(now: number): number | undefined {
    const dueAt = this.#next.get(Math.floor(now))?.due_at;
    return typeof dueAt === 'number' ? dueAt : undefined;
  }

  count(): number {
    return Number(this.#count.get()?.n);
  }
}
