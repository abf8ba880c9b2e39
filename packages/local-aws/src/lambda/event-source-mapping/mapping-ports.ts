import type { Clock } from '../../clock.ts';
import type { QueueSource } from './queue-source.ts';
import type { SqsRecord } from './sqs-record.ts';

/** What event source mappings stand on. */
export interface MappingPorts {
  /** Times batching windows, pauses, and how concurrency grows. */
  readonly clock: Clock;
  readonly queues: QueueSource;
  /** Calls the function with an event; rejects when it is throttled or not there. */
  readonly invoke: (
    functionName: string,
    event: string,
  ) => Promise<{ readonly payload: string; readonly functionError?: string }>;
  /** Makes a predicate over records (bodies parsed) from a filter's pattern; throws if invalid. */
  readonly compileFilter: (pattern: string) => (record: object) => boolean;
  /** Batches of one queue at the same time, where the mapping does not say. */
  readonly defaultConcurrency: number;
  /** Is told of each batch. @default - nobody */
  readonly batches?: BatchObserver;
}

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
