import type { LiveUpdate } from '../../server/http/live.ts';
import type { Overview, Route } from '../../server/pipeline/overview.ts';
import type { QueueFigures } from '../../server/source/console-source.ts';
import { addressOf } from './address.ts';
import { age, counted } from './format.ts';

/** A problem that needs the user's attention. */
export interface Problem {
  readonly level: 'bad' | 'warn';
  /** Name of the consumer, or of the failure queue. */
  readonly name: string;
  readonly text: string;
  /** The text for the title of the tab, without figures that change every second. */
  readonly title: string;
  /** Address of the view that shows the cause. */
  readonly to: string;
}

/** The health of the pipeline. */
export interface Health {
  /** `unknown` before the queues were read once. */
  readonly level: 'unknown' | 'good' | 'warn' | 'bad';
  /** The worst first. */
  readonly problems: readonly Problem[];
  /** Messages in the failure queues. */
  readonly failed: number;
  /** When the oldest message that waits for a function was sent, in epoch milliseconds. */
  readonly oldestWaiting: number | undefined;
}

/** The figures from which the health is determined. */
export interface Known {
  readonly overview: Overview | undefined;
  readonly queues: LiveUpdate['queues'];
  readonly failures: LiveUpdate['failures'];
  readonly now: number;
}

/** A message that a function has not received for this long is stuck. */
const stuckAfterMs = 60_000;

/** Number of messages in a queue: visible, in flight and delayed. */
export const held = (figures: QueueFigures | undefined): number =>
  figures ? figures.visible + figures.inFlight + figures.delayed : 0;

/** Whether the oldest message of a consumer's queue waits for too long. */
export function isStuck(
  { reader }: Route,
  figures: QueueFigures | undefined,
  now: number,
): boolean {
  return (
    reader !== undefined &&
    held(figures) > 0 &&
    figures?.oldestAt !== undefined &&
    now - figures.oldestAt > stuckAfterMs
  );
}

const nouns = {
  'dead-letters': ['dead-letter message'],
  undeliverable: ['undeliverable event'],
  unrouted: ['event that no consumer subscribes to', 'events that no consumer subscribes to'],
  spill: ['event that the bus refused', 'events that the bus refused'],
} as const;

/** Determines the health: each failure queue with messages is a problem, and so is each stuck queue. */
export function healthOf({ overview, queues, failures, now }: Known): Health {
  if (!overview || !queues) {
    return { level: 'unknown', problems: [], failed: 0, oldestWaiting: undefined };
  }
  const failed = overview.ends.flatMap(({ name, role, consumer }) => {
    const count = held(queues[name]);
    if (count === 0) {
      return [];
    }
    const target = overview.routes.find(({ deadLetters }) => deadLetters === name)?.target?.name;
    const last = target === undefined ? undefined : failures[target];
    const since = queues[name]?.oldestAt;
    const times = last
      ? [`newest ${age(last.at, now)} ago`, last.error.slice(0, 120)]
      : since === undefined
        ? []
        : [`oldest ${age(since, now)}`];
    const [one, many] = nouns[role];
    const messages = counted(count, one, many);
    const problem: Problem = {
      ...{ level: 'bad', name: consumer ?? role, to: addressOf.failures(name) },
      text: [messages, ...times].filter(Boolean).join(', '),
      title: [messages, last?.error.slice(0, 120)].filter(Boolean).join(', '),
    };
    return [{ count, problem }];
  });
  const waiting = overview.routes.flatMap((route) => {
    const name = route.target?.name ?? '';
    const figures = queues[name];
    return route.reader !== undefined && held(figures) > 0 ? [{ route, name, figures }] : [];
  });
  const stuck = waiting
    .filter(({ route, figures }) => isStuck(route, figures, now))
    .map(
      ({ route, name, figures }): Problem => ({
        level: 'warn',
        name: route.consumer ?? name,
        text: `${held(figures)} waiting, oldest ${age(figures?.oldestAt ?? now, now)}`,
        title: `${held(figures)} waiting`,
        to: addressOf.events({ target: name }),
      }),
    );
  const disabled = overview.routes
    .filter(({ isEnabled, pattern }) => !isEnabled && pattern !== undefined)
    .map(
      ({ rule, consumer }): Problem => ({
        level: 'warn',
        name: consumer ?? rule,
        text: 'its rule is disabled',
        title: 'its rule is disabled',
        to: addressOf.events({ rule }),
      }),
    );
  const problems = [
    ...failed.sort((a, b) => b.count - a.count).map(({ problem }) => problem),
    ...stuck,
    ...disabled,
  ];
  const times = waiting.flatMap(({ figures }) => figures?.oldestAt ?? []);
  return {
    level: problems[0]?.level ?? 'good',
    problems,
    failed: failed.reduce((sum, { count }) => sum + count, 0),
    oldestWaiting: times.length === 0 ? undefined : Math.min(...times),
  };
}
