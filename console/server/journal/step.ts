/** What can happen to an event between the bus and its end. */
export type StepKind =
  /** A rule that matches sends it there. Whether it arrived, AWS tells nobody. */
  | 'routed'
  /** EventBridge put it into the queue, or called another target. */
  | 'delivered'
  /** EventBridge could not, and tries again. */
  | 'delivery-failed'
  /** EventBridge gave up; the event is in the undeliverable queue. */
  | 'undeliverable'
  /** EventBridge gave up, and there is no dead-letter queue. */
  | 'lost'
  /** A function got it from its queue. */
  | 'given'
  /** The function is done with it. */
  | 'handled'
  /** The function failed; the message comes back. */
  | 'failed'
  /** The consumer gave up; the event is in its dead-letter queue. */
  | 'given-up';

/** One thing that happened to an event. */
export interface Step {
  readonly kind: StepKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of the queue or other target that the event went to. */
  readonly target: string;
  readonly rule?: string;
  /** Name of the function. */
  readonly by?: string;
  /** 1 for the first. */
  readonly attempt?: number;
  /** Class or code, and what there is to say of it. */
  readonly error?: string;
}
