import type { Target } from '../resources/resources.ts';

/** An event that a bus has accepted. */
export interface AcceptedEvent {
  readonly id: string;
  readonly bus: string;
  /** Its JSON, as targets without an input of their own get it. */
  readonly text: string;
  /** When it happened, as its sender says, in milliseconds since 1970. */
  readonly time: number;
  /** In milliseconds since 1970. */
  readonly acceptedAt: number;
  readonly traceHeader?: string;
  /** It came from another bus, and is not passed on to a third. */
  readonly forwarded: boolean;
}

/** One event on its way to one target. */
export interface Delivery {
  readonly event: AcceptedEvent;
  readonly route: Route;
  /** Failed attempts so far. */
  readonly failures: number;
  /** Its row, when it is kept in the store. */
  readonly row?: number;
}

/** A rule's target with what a delivery must say about the rule. */
export interface Route {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: Target;
}
