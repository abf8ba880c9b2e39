import type { Clock } from '../../clock.ts';
import type { AcceptedEvent } from '../delivery/delivery.ts';
import type { Archive, Resources } from '../resources/resources.ts';
import type { ArchiveTable } from './archive-table.ts';

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
