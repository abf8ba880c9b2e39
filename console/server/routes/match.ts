import {
  compilePattern,
  explainMatch,
  InvalidEventPattern,
  type LeafFailure,
} from '@event-fanout/event-pattern';
import type { Route } from '../console-context.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import { shorten } from '../trace/explain-rules.ts';
import { readText } from './read-asked.ts';

/** The result of a pattern for the most recent events. */
export interface MatchAnswer {
  /** Why EventBridge would refuse the pattern, in its words. */
  readonly mistake?: string;
  /** Events that were tried. */
  readonly tried: number;
  readonly matched: number;
  /** The newest of them, each with the fields that fail. */
  readonly events: readonly {
    readonly summary: Summary;
    readonly matches: boolean;
    readonly failures: readonly LeafFailure[];
  }[];
}

/** Events that are tried; more would make the user wait while typing. */
const maxTried = 1_000;
const maxShown = 60;

/** `POST match`: tries a pattern on the newest events. */
export const match: Route = async (
  { source: { journal } },
  { body, reveal },
): Promise<MatchAnswer> => {
  const text = readText(body, 'pattern');
  try {
    const pattern = compilePattern(text);
    let tried = 0;
    let matched = 0;
    const events: MatchAnswer['events'][number][] = [];
    for (const record of journal.newest()) {
      if (tried >= maxTried) {
        break;
      }
      const event = await journal.text(record.seq);
      if (event === undefined) {
        continue;
      }
      tried += 1;
      const { matches, failures } = explainMatch(pattern, event);
      if (matches) {
        matched += 1;
      }
      if (events.length >= maxShown) {
        continue;
      }
      const summary = journal.summary(record);
      events.push({
        summary: reveal ? summary : hideSummary(summary),
        matches,
        failures: failures.map(shorten).map((each) => (reveal ? each : { ...each, saw: [] })),
      });
    }
    return { tried, matched, events };
  } catch (error) {
    if (!(error instanceof InvalidEventPattern)) {
      throw error;
    }
    return { mistake: error.message, tried: 0, matched: 0, events: [] };
  }
};
