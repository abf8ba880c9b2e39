/** The state of an event over all of its consumers. */
export type Outcome =
  /** On the bus; no target has received it yet. */
  | 'published'
  /** In a queue whose function has not handled it yet. */
  | 'waiting'
  /** Handled, or delivered to a queue or service of the user's own. */
  | 'done'
  /** Failed, and will be retried. */
  | 'retrying'
  /** In a dead-letter queue, the undeliverable queue, or lost. */
  | 'dead'
  /** No consumer's rule matches. */
  | 'unrouted';

/** Every outcome, from the worst to the best. */
export const outcomes = [
  'dead',
  'retrying',
  'unrouted',
  'waiting',
  'published',
  'done',
] as const satisfies readonly Outcome[];

/** The properties of targets that outcomes depend on. Names are those of queues and other targets. */
export interface Targets {
  /** Whether a function reads the queue. */
  isRead(target: string): boolean;
  /** Whether the queue is that of unrouted events. */
  isUnrouted(target: string): boolean;
  /** Receives after which SQS itself moves a message to the dead-letter queue. */
  maxReceives(target: string): number;
}

/** For a pipeline that was not read yet. */
export const noTargets: Targets = {
  isRead: () => false,
  isUnrouted: () => false,
  maxReceives: () => Number.POSITIVE_INFINITY,
};

/** The outcome of one step; a delivery means `waiting` only where a function reads the queue. */
function outcomeOfStep({ kind, target, attempt = 0 }: Step, targets: Targets): Outcome {
  switch (kind) {
    case 'routed':
      return 'published';
    case 'delivered':
      return targets.isRead(target) ? 'waiting' : 'done';
    case 'given':
      return 'waiting';
    case 'handled':
      return 'done';
    case 'failed':
      return attempt >= targets.maxReceives(target) ? 'dead' : 'retrying';
    case 'delivery-failed':
      return 'retrying';
    case 'undeliverable':
    case 'lost':
    case 'given-up':
      return 'dead';
  }
}

/** The worst outcome over all targets, by the last step of each. */
export function outcomeOf(steps: readonly Step[], targets: Targets): Outcome {
  const schemes = new Map<string, Outcome>();
  let gaveUp: string | undefined;
  for (const step of steps) {
    const { kind, target } = step;
    // A function that sent an event to the dead-letter queue then returns as if it had handled it.
    if (kind === 'handled' && gaveUp === target && schemes.get(target) === 'dead') {
      gaveUp = undefined;
    } else {
      schemes.set(target, targets.isUnrouted(target) ? 'unrouted' : outcomeOfStep(step, targets));
    }
    if (kind === 'given-up') {
      gaveUp = target;
    }
  }
  const reached = new Set(schemes.values());
  return outcomes.find((outcome) => reached.has(outcome)) ?? 'published';
}

/** The kinds of steps of an event, from the bus to the end of its handling. */
export type StepKind =
  /** A matching rule sends it to the target. AWS does not report whether it arrived. */
  | 'routed'
  /** EventBridge put it into the queue, or called another target. */
  | 'delivered'
  /** EventBridge could not deliver it, and retries. */
  | 'delivery-failed'
  /** EventBridge stopped retrying; the event is in the undeliverable queue. */
  | 'undeliverable'
  /** EventBridge stopped retrying, and there is no dead-letter queue. */
  | 'lost'
  /** A function received it from its queue. */
  | 'given'
  /** The function has handled it. */
  | 'handled'
  /** The function failed; the message will be received again. */
  | 'failed'
  /** The consumer could not process it; the event is in its dead-letter queue. */
  | 'given-up';

/** One step of an event. */
export interface Step {
  readonly kind: StepKind;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Name of the queue or other target that the event went to. */
  readonly target: string;
  readonly rule?: string;
  /** Name of the function. */
  readonly by?: string;
  /** 1 for the first. */
  readonly attempt?: number;
  /** Why a consumer does not retry: `permanent`, `exhausted`, `in-doubt`. */
  readonly reason?: string;
  /** Class or code of the error, and its message if it is known, which may quote content. */
  readonly error?: string;
  /** The stack of the error, if it is known. */
  readonly stack?: string;
}

/** The class of an error whose message may follow. */
export const errorClass = (error: string): string => /^[\w.-]{1,60}/.exec(error)?.[0] ?? '';
