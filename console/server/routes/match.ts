import {
  compilePattern,
  explainMatch,
  InvalidEventPattern,
  type LeafFailure,
} from '@event-fanout/event-pattern';
import type { Route } from '../console-context.ts';
import { readText } from '../http/read-request.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import { shorten } from '../trace/explain-rules.ts';

/** The result of a pattern for the most recent events. */
export interface MatchAnswer {
  /** Why EventBridge would refuse the pattern, in its words. */
  readonly mistake?: string;
  /** Events that were tried. */
  readonly tried: number;
  readonly matched: number;
  /** The newest that match. */
  readonly matching: readonly Summary[];
  /** The newest that do not, each with the fields that fail; those that fail by the fewest first. */
  readonly others: readonly {
    readonly summary: Summary;
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
    const matching: Summary[] = [];
    const others: MatchAnswer['others'][number][] = [];
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
      if ((matches ? matching : others).length >= maxShown) {
        continue;
      }
      const found = journal.summary(record);
      const summary = reveal ? found : hideSummary(found);
      if (matches) {
        matching.push(summary);
      } else {
        others.push({
          summary,
          failures: failures.map(shorten).map((each) => (reveal ? each : { ...each, actual: [] })),
        });
      }
    }
    others.sort((a, b) => a.failures.length - b.failures.length);
    return { tried, matched, matching, others };
  } catch (error) {
    if (!(error instanceof InvalidEventPattern)) {
      throw error;
    }
    return { mistake: error.message, tried: 0, matched: 0, matching: [], others: [] };
  }
};
