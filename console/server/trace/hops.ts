import { type Outcome, outcomeOf, type Step, type Targets } from '../journal/outcome.ts';

/** One attempt of a function to handle the message of an event. */
export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Epoch milliseconds. Absent if only the end was reported. */
  readonly startedAt?: number;
  /** Absent while it is running. */
  readonly endedAt?: number;
  readonly result: 'running' | 'handled' | 'failed' | 'given-up';
  /** Name of the function. */
  readonly by?: string;
  /** Why a consumer does not retry: `permanent`, `exhausted`, `in-doubt`. */
  readonly reason?: string;
  readonly error?: string;
  readonly stack?: string;
}

/** The delivery of an event to one target, and its attempts. */
export interface Hop {
  readonly target: string;
  readonly rule?: string;
  /** When it arrived, in epoch milliseconds. Absent if AWS does not report it. */
  readonly arrivedAt?: number;
  readonly outcome: Outcome;
  /** The result of a delivery that EventBridge does not retry any more. */
  readonly lost?: 'undeliverable' | 'lost';
  /** Failed deliveries by EventBridge. */
  readonly failures: readonly { readonly at: number; readonly error: string }[];
  readonly attempts: readonly Attempt[];
}

/** Precedence of the results of an attempt: a function that has sent an event to the dead-letter queue succeeds. */
const rank = { running: 0, handled: 1, failed: 2, 'given-up': 3 } as const;

/** Groups the steps of an event by target, in the order of their first steps. */
export function hopsOf(steps: readonly Step[], targets: Targets): readonly Hop[] {
  return [...Map.groupBy(steps, ({ target }) => target)].map(([target, own]): Hop => {
    const attempts: Attempt[] = [];
    for (const step of own) {
      takeStep(attempts, step);
    }
    const lost = own.findLast(({ kind }) => kind === 'undeliverable' || kind === 'lost')?.kind;
    return {
      target,
      rule: own.find(({ rule }) => rule !== undefined)?.rule,
      arrivedAt: own.find(({ kind }) => kind === 'delivered')?.at,
      outcome: outcomeOf(own, targets),
      ...((lost === 'undeliverable' || lost === 'lost') && { lost }),
      failures: own
        .filter(({ kind }) => kind === 'delivery-failed' || kind === 'undeliverable')
        .map(({ at, error = '' }) => ({ at, error })),
      attempts,
    };
  });
}

function takeStep(attempts: Attempt[], step: Step): void {
  const { kind, at, attempt, by, reason, error, stack } = step;
  const number = attempt ?? (attempts.at(-1)?.number ?? 0) + (kind === 'given' ? 1 : 0);
  if (kind === 'given') {
    attempts.push({ number, startedAt: at, by, result: 'running' });
    return;
  }
  if (kind !== 'handled' && kind !== 'failed' && kind !== 'given-up') {
    return;
  }
  const index = attempts.findLastIndex((each) => each.number === number);
  const known: Attempt = attempts[index] ?? { number, by, result: 'running' };
  const result = rank[kind] > rank[known.result] ? kind : known.result;
  const merged: Attempt = {
    ...known,
    // The log of a function comes before its end, at which the message can be received again.
    endedAt: at,
    result,
    reason: known.reason ?? reason,
    error: (known.error || error) ?? known.error,
    stack: known.stack ?? stack,
  };
  attempts.splice(index < 0 ? attempts.length : index, index < 0 ? 0 : 1, merged);
}
