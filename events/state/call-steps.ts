/** One stored step of a call: it rang, was accepted, or ended. */
export interface CallStep {
  /** Begins with the name of the step. */
  readonly sk: string;
  /** When it happened, ISO-8601 UTC. */
  readonly at?: unknown;
  /** `data.outcome` of the event. */
  readonly outcome?: unknown;
  /** Whether an end reports that the call was declined, or accepted on another device. */
  readonly turnedDown?: unknown;
}

/** The names of the steps. */
export type StepName = 'received' | 'accepted' | 'ended';

const stepNames: ReadonlySet<string> = new Set<StepName>(['received', 'accepted', 'ended']);

const nameOf = ({ sk }: { readonly sk: string }) => sk.slice(0, sk.indexOf('#'));

/** Whether an item of a call's partition is this step; without a name, whether it is a step. */
export function isStep(item: { readonly sk: string }, name?: StepName): boolean {
  return name === undefined ? stepNames.has(nameOf(item)) : nameOf(item) === name;
}

/**
 * Milliseconds after the previous step of a call after which a `received` is the next call. One call may be
 * reported as received more than once, and the times of its first steps may be in the wrong order, because
 * some are rounded to seconds; a minute is longer than both.
 */
const nextCallMs = 60_000;

/**
 * Separates the calls of one caller that have the same id. A call begins with a `received`, and has all steps
 * until the next one: a call that was accepted or declined may be reported as ended a long time later. The
 * result depends on the set of the steps only, not on their order.
 *
 * @returns a function that returns when the call of a time began; undefined for the first call, of which
 * steps may be missing
 */
export function callStarts(steps: readonly CallStep[]): (at: string) => string | undefined {
  const byTime = steps
    .map((step) => ({ at: String(step.at), isReceived: isStep(step, 'received') }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const starts = byTime
    .filter(({ at, isReceived }, index) => {
      const previous = byTime[index - 1];
      return isReceived && previous && Date.parse(at) - Date.parse(previous.at) > nextCallMs;
    })
    .map(({ at }) => at);
  return (at) => starts.findLast((start) => start <= at);
}

/** The outcome of a call. `received`: it rang, and no more is known. `rejected`: it was declined. */
export type CallOutcome = 'received' | 'accepted' | 'rejected' | 'missed';

/** The outcome of a call by all its steps. A call that was accepted or declined stays so, whatever else is reported. */
export function callOutcome(steps: readonly CallStep[]): CallOutcome {
  const ends = steps.filter((step) => isStep(step, 'ended'));
  if (
    steps.some((step) => isStep(step, 'accepted')) ||
    ends.some(({ outcome }) => outcome === 'accepted-elsewhere')
  ) {
    return 'accepted';
  }
  if (ends.some(({ turnedDown }) => turnedDown === true)) {
    return 'rejected';
  }
  return ends.length > 0 ? 'missed' : 'received';
}
