import type { AwsAccess } from '../../../ops/aws/connect.ts';
import type { FlowCounter } from '../journal/flow-figures.ts';
import type { Journal } from '../journal/journal.ts';

/** The figures of a queue. */
export interface QueueFigures {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** When the oldest message was sent, in epoch milliseconds, if it is known. */
  readonly oldestAt?: number;
}

/** The source of the console: a local run, or a stack in an AWS account. */
export interface ConsoleSource {
  readonly mode: 'local' | 'aws';
  /** Undefined if there is only one stack. */
  readonly stack: string | undefined;
  readonly journal: Journal;
  readonly flow: FlowCounter;
  /** The AWS APIs. */
  access(): Promise<AwsAccess>;
  /** Name of the function that reads a queue, by the queue's ARN, as far as it is known. */
  readers(): Promise<ReadonlyMap<string, string>>;
  /** The figures of these queues, by ARN. */
  readQueues(
    queues: readonly { readonly arn: string; readonly url: string }[],
  ): Promise<ReadonlyMap<string, QueueFigures>>;
  /** Interval in which the queues are read, in milliseconds. */
  readonly queuesEveryMs: number;
  /** Called when the first page connects, before it requests events, and after the last one disconnects. */
  watch(): Promise<void>;
  unwatch(): Promise<void>;
  /** What the source does not report, for the user; undefined if it reports everything. */
  readonly caveat: string | undefined;
  close(): Promise<void>;
}
