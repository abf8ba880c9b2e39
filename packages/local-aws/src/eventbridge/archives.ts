import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { readEvent } from '@event-fanout/event-pattern';
import type { Clock } from '../clock.ts';
import type { AcceptedEvent } from './delivery/delivery.ts';
import { type Publisher, withReplayName } from './publisher.ts';
import type { Archive, Replay, Resources } from './resources.ts';
import type { Transactions, UnitOfWork } from './unit-of-work.ts';

const dayMs = 86_400_000;
/** Interval at which expired events are deleted; no request returns them in the meantime either. */
const purgeIntervalMs = 3_600_000;

/** Keeps events for archives, for as long as each retains them. */
export class Archives {
  readonly #resources: Resources;
  readonly #table: ArchiveTable;
  readonly #clock: Clock;
  #cancelPurge: (() => void) | undefined;
  #isStopped = false;

  constructor(resources: Resources, table: ArchiveTable, clock: Clock) {
    this.#resources = resources;
    this.#table = table;
    this.#clock = clock;
  }

  add(archive: string, event: AcceptedEvent): void {
    this.#table.add(archive, event);
  }

  /** Deletes the events that an archive no longer retains. */
  purge(archive: Archive): void {
    if (archive.retentionDays === 0) {
      return;
    }
    this.#table.purge(archive.name, this.#clock.now() - archive.retentionDays * dayMs);
  }

  /** Deletes expired events regularly, as long as at least one archive has a retention period. */
  start(): void {
    this.#cancelPurge?.();
    const expiring = this.#resources.archives.list('').filter((each) => each.retentionDays > 0);
    for (const archive of expiring) {
      this.purge(archive);
    }
    if (expiring.length > 0 && !this.#isStopped) {
      this.#cancelPurge = this.#clock.after(purgeIntervalMs, () => this.start());
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelPurge?.();
    this.#cancelPurge = undefined;
  }
}

/** A replay's position: behind this event, in the order of events' times. */
interface ArchivePosition {
  readonly time: number;
  readonly row: number;
}

interface ArchivedEvent extends ArchivePosition {
  readonly id: string;
  /** The event's JSON. */
  readonly text: string;
}

/** The events of all archives. */
export class ArchiveTable {
  readonly #add: StatementSync;
  readonly #after: StatementSync;
  readonly #totals: StatementSync;
  readonly #purge: StatementSync;
  readonly #clear: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(`CREATE TABLE IF NOT EXISTS eventbridge_archived (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        archive TEXT NOT NULL,
        time INTEGER NOT NULL,
        accepted_at INTEGER NOT NULL,
        size INTEGER NOT NULL,
        id TEXT NOT NULL,
        event TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS eventbridge_archived_time
        ON eventbridge_archived (archive, time, row, size);
      CREATE INDEX IF NOT EXISTS eventbridge_archived_age
        ON eventbridge_archived (archive, accepted_at)`);
    this.#add = db.prepare(
      `INSERT INTO eventbridge_archived (archive, time, accepted_at, size, id, event)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#after = db.prepare(
      `SELECT time, row, id, event FROM eventbridge_archived
       WHERE archive = ? AND (time, row) > (?, ?) AND time < ? ORDER BY time, row LIMIT ?`,
    );
    this.#totals = db.prepare(
      'SELECT count(*) AS count, total(size) AS size FROM eventbridge_archived WHERE archive = ?',
    );
    this.#purge = db.prepare(
      'DELETE FROM eventbridge_archived WHERE archive = ? AND accepted_at <= ?',
    );
    this.#clear = db.prepare('DELETE FROM eventbridge_archived WHERE archive = ?');
  }

  add(archive: string, event: AcceptedEvent): void {
    const { id, text, time, acceptedAt } = event;
    this.#add.run(archive, Math.floor(time), acceptedAt, Buffer.byteLength(text), id, text);
  }

  /** Events behind a position with a time before `end`, in order. */
  after(archive: string, position: ArchivePosition, end: number, limit: number): ArchivedEvent[] {
    return this.#after.all(archive, position.time, position.row, end, limit).map((found) => ({
      time: Number(found.time),
      row: Number(found.row),
      id: String(found.id),
      text: String(found.event),
    }));
  }

  totals(archive: string): { readonly count: number; readonly bytes: number } {
    const found = this.#totals.get(archive);
    return { count: Number(found?.count), bytes: Number(found?.size) };
  }

  /** Deletes events that were archived at this time or before. */
  purge(archive: string, acceptedUntil: number): void {
    this.#purge.run(archive, acceptedUntil);
  }

  clear(archive: string): void {
    this.#clear.run(archive);
  }
}

/**
 * Number of events that are replayed in one transaction; between two transactions other work can
 * run.
 */
const batch = 50;
/** The pause after an error of the store itself. */
const storeErrorPauseMs = 1000;

const active = new Set(['STARTING', 'RUNNING', 'CANCELLING']);

export const isActive = (replay: Replay) => active.has(replay.state);

/** The dependencies of replays. */
interface ReplayParts {
  readonly clock: Clock;
  readonly transactions: Transactions;
  readonly resources: Resources;
  readonly publisher: Publisher;
  readonly archived: ArchiveTable;
}

/**
 * Sends archived events to their bus again, in the order of their times. A replay's position is
 * stored in the same transaction as the events it sent, so that a crash makes it neither skip nor
 * repeat an event.
 */
export class Replays {
  readonly #parts: ReplayParts;
  readonly #alarms = new Map<string, () => void>();
  #isStarted = false;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /** Continues the replays that an earlier process did not finish. */
  start(): void {
    this.#isStarted = true;
    for (const replay of this.#parts.resources.replays.list('').filter(isActive)) {
      this.run(replay.name);
    }
  }

  stop(): void {
    this.#isStarted = false;
    for (const cancel of this.#alarms.values()) {
      cancel();
    }
    this.#alarms.clear();
  }

  /** Runs a replay in the background until it ends. */
  run(name: string, afterMs = 0): void {
    if (!this.#isStarted) {
      return;
    }
    this.#alarms.get(name)?.();
    const step = () => {
      this.#alarms.delete(name);
      try {
        if (this.#parts.transactions.run((unit) => this.#step(unit, name))) {
          this.run(name);
        }
      } catch {
        this.run(name, storeErrorPauseMs);
      }
    };
    this.#alarms.set(name, this.#parts.clock.after(afterMs, step));
  }

  /** Replays one batch; false when the replay has ended. */
  #step(unit: UnitOfWork, name: string): boolean {
    const { resources, archived, clock } = this.#parts;
    const replay = resources.replays.get('', name);
    if (!replay || !isActive(replay)) {
      return false;
    }
    const end = (state: string) => {
      resources.replays.put('', name, { ...replay, state, endedAt: Math.floor(clock.now()) });
      return false;
    };
    if (replay.state === 'CANCELLING') {
      return end('CANCELLED');
    }
    const events = archived.after(replay.archive, replay.position, replay.eventEnd, batch);
    const last = events.at(-1);
    if (!last) {
      return end('COMPLETED');
    }
    for (const event of events) {
      this.#publish(unit, replay, event);
    }
    const { time, row } = last;
    resources.replays.put('', name, { ...replay, state: 'RUNNING', position: { time, row } });
    return true;
  }

  #publish(
    unit: UnitOfWork,
    replay: Replay,
    event: { id: string; text: string; time: number },
  ): void {
    const { publisher, clock } = this.#parts;
    const { name, bus, ruleArns } = replay;
    const text = withReplayName(event.text, name);
    const acceptedAt = Math.floor(clock.now());
    const accepted = { id: event.id, bus, text, time: event.time, acceptedAt, forwarded: false };
    const parsed = readEvent(text, publisher.readsNumbers(bus));
    publisher.publish(unit, accepted, parsed, { name, ruleArns });
  }
}
