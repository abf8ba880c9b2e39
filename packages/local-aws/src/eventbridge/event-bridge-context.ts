import type { Archives, ArchiveTable, Replays } from './archives.ts';
import type { BusRules, Publisher } from './publisher.ts';
import type { Arns, Place, Resources } from './resources.ts';
import type { ScheduledRules } from './schedules.ts';
import type { Transactions } from './unit-of-work.ts';

/** What the API's actions work on. */
export interface EventBridgeContext {
  readonly place: Place;
  readonly arns: Arns;
  readonly resources: Resources;
  readonly rules: BusRules;
  readonly publisher: Publisher;
  readonly transactions: Transactions;
  readonly archived: ArchiveTable;
  readonly archives: Archives;
  readonly replays: Replays;
  readonly schedules: ScheduledRules;
  /** Epoch milliseconds, an integer. */
  now(): number;
}
