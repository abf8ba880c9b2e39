import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { AcceptedEvent } from './delivery/delivery.ts';
import type { Archive, Resources } from './resources.ts';

const dayMs = 86_400_000;
/** Interval at which expired events are deleted; no request returns them in the meantime either. */
const purgeIntervalMs = 3_600_000;

/** Keeps events for archives, for as long as each retains them. */
export class Archives {
  readonly #resources: Resources;
  readonly #table: ArchiveTable;
  readonly #clock: Clock;
  #cancelPurge: (() => void) | undefined;

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
    if (expiring.length > 0) {
      this.#cancelPurge = this.#clock.after(purgeIntervalMs, () => this.start());
    }
  }

  stop(): void {
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
