import type { Clock } from '../clock.ts';
import type { Arns, Place } from './arns.ts';
import type { BusRules } from './publishing/bus-rules.ts';
import type { Publisher } from './publishing/publisher.ts';
import type { Resources } from './resources/resources.ts';
import type { Turns } from './turn.ts';

/** What the API's actions work with. */
export interface Desk {
  readonly clock: Clock;
  readonly place: Place;
  readonly arns: Arns;
  readonly resources: Resources;
  readonly rules: BusRules;
  readonly publisher: Publisher;
  readonly turns: Turns;
  /** Whole milliseconds since 1970. */
  now(): number;
}
