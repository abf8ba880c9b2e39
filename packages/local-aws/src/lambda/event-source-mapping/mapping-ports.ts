import type { Clock } from '../../clock.ts';
import type { BatchObserver } from './batch-observer.ts';
import type { QueueSource } from './queue-source.ts';

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
