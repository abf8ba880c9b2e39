import type { AwsAccess } from '../../../ops/aws/connect.ts';
import type { FlowCounter } from '../journal/flow-figures.ts';
import type { Journal } from '../journal/journal.ts';

/** What a queue holds. */
export interface QueueFigures {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** When the oldest message was sent, in epoch milliseconds, where that is known. */
  readonly oldestAt?: number;
}

/** What the console looks at: a local run, or a stack in an AWS account. */
export interface ConsoleSource {
  readonly mode: 'local' | 'aws';
  /** Undefined: the only stack that is there. */
  readonly stack: string | undefined;
  readonly journal: Journal;
  readonly flow: FlowCounter;
  /** The AWS APIs. */
  access(): Promise<AwsAccess>;
  /** Name of the function that reads a queue, by the queue's ARN, as far as that can be known. */
  readers(): Promise<ReadonlyMap<string, string>>;
  /** The figures of these queues, by ARN. */
  readQueues(
    queues: readonly { readonly arn: string; readonly url: string }[],
  ): Promise<ReadonlyMap<string, QueueFigures>>;
  /** Milliseconds between two looks at the queues. */
  readonly queuesEveryMs: number;
  /** Called when the first page connects, before it requests events, and after the last one disconnects. */
  watch(): Promise<void>;
  unwatch(): Promise<void>;
  /** What a person should know of how this looks at events; undefined where it misses nothing. */
  readonly caveat: string | undefined;
  close(): Promise<void>;
}
