import type { ArchiveTable } from './archive/archive-table.ts';
import type { Archives } from './archive/archives.ts';
import type { Replays } from './archive/replays.ts';
import type { Arns, Place } from './arns.ts';
import type { BusRules } from './publishing/bus-rules.ts';
import type { Publisher } from './publishing/publisher.ts';
import type { Resources } from './resources/resources.ts';
import type { ScheduledRules } from './schedules/scheduled-rules.ts';
import type { Turns } from './turn.ts';

/** The context of the API's actions. */
export interface EventBridgeContext {
  readonly place: Place;
  readonly arns: Arns;
  readonly resources: Resources;
  readonly rules: BusRules;
  readonly publisher: Publisher;
  readonly turns: Turns;
  readonly archived: ArchiveTable;
  readonly archives: Archives;
  readonly replays: Replays;
  readonly schedules: ScheduledRules;
  /** Epoch milliseconds, an integer. */
  now(): number;
}
