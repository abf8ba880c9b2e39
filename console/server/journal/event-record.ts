import type { Step } from './outcome.ts';
import type { Head } from './summary.ts';

/** Steps of one event that are kept; a poison message must not grow without end. */
export const maxSteps = 200;

/** What the console knows of one event, without its text. */
export interface EventRecord {
  readonly seq: number;
  readonly eventId: string;
  readonly bus: string;
  readonly source: string;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  /** Names of the rules that matched. */
  readonly rules: readonly string[];
  readonly head: Head;
  readonly steps: Step[];
  /** Steps that were omitted between the first and the last ones. */
  omitted: number;
}
