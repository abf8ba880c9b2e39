import type { SqsRecord } from './sqs-record.ts';

/** Messages of a queue that are given to a function. */
export interface GivenBatch {
  readonly queueArn: string;
  readonly functionName: string;
  readonly records: readonly SqsRecord[];
}

/** Is told what functions do with the messages of their queues. May not throw. */
export interface BatchObserver {
  /** The function is called with them. */
  given(batch: GivenBatch): void;
  /** It has returned, failed, or could not be called: `failed` are the ids of those that stay. */
  finished(batch: GivenBatch, failed: ReadonlySet<string>, error?: string): void;
}
