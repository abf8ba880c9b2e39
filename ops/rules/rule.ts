/** A rule as the commands that read rules see it, wherever it comes from: a bus, a template, a file. */
export interface HeardRule {
  readonly name: string;
  /** The event pattern, as JSON. */
  readonly pattern: string;
  /** Whom it delivers to: names of consumers, else of queues, functions and other targets. */
  readonly listeners: readonly string[];
  readonly isEnabled: boolean;
  /** The rule for what no consumer hears. */
  readonly isCatchAll: boolean;
}
