import type { Clock } from '../../clock.ts';
import { invalidParameter } from '../lambda-errors.ts';
import type { QueueSource, SqsRecord } from './sqs-queue-source.ts';

/** `AWS::Lambda::EventSourceMapping` from an SQS queue. */
export interface MappingSettings {
  /** Name or ARN. */
  readonly functionName: string;
  /** The queue's ARN. */
  readonly eventSourceArn: string;
  /** @default 10 */
  readonly batchSize?: number;
  /** Seconds to fill a batch. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** `['ReportBatchItemFailures']` or none. @default none */
  readonly functionResponseTypes?: readonly string[];
  /** The `Pattern` of each filter; a message that matches none is deleted. @default no filter */
  readonly filterPatterns?: readonly string[];
  /** `ScalingConfig.MaximumConcurrency`. @default the service's */
  readonly maximumConcurrency?: number;
  /** @default true */
  readonly enabled?: boolean;
}

export const defaultBatchSize = 10;

/**
 * Throws `InvalidParameterValueException` for settings that Lambda refuses
 * (https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html).
 */
export function checkMapping(settings: MappingSettings): void {
  const { batchSize = defaultBatchSize, maximumBatchingWindowSeconds: window = 0 } = settings;
  requireRange('BatchSize', batchSize, 1, 10_000);
  requireRange('MaximumBatchingWindowInSeconds', window, 0, 300);
  if (settings.maximumConcurrency !== undefined) {
    requireRange('MaximumConcurrency', settings.maximumConcurrency, 2, 1000);
  }
  if (batchSize > 10 && window < 1) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  if (!/^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,75}(\.fifo)?$/.test(settings.eventSourceArn)) {
    throw invalidParameter(`Unrecognized event source: ${settings.eventSourceArn.slice(0, 200)}`);
  }
  for (const type of settings.functionResponseTypes ?? []) {
    if (type !== 'ReportBatchItemFailures') {
      throw invalidParameter(`FunctionResponseTypes: ${type} is not ReportBatchItemFailures`);
    }
  }
}

function requireRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) {
    return;
  }
  throw invalidParameter(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** The dependencies of event source mappings. */
export interface MappingPorts {
  /** Times batching windows, pauses, and how concurrency grows. */
  readonly clock: Clock;
  readonly queues: QueueSource;
  /** Calls the function with an event; rejects when it is throttled or does not exist. */
  readonly invoke: (
    functionName: string,
    event: string,
  ) => Promise<{ readonly payload: string; readonly functionError?: string }>;
  /** Makes a predicate over records (bodies parsed) from a filter's pattern; throws if invalid. */
  readonly compileFilter: (pattern: string) => (record: object) => boolean;
  /** Concurrent batches of one queue, where the mapping sets no maximum. */
  readonly defaultConcurrency: number;
  /** Callbacks for each batch. @default - none */
  readonly batches?: BatchObserver;
}

/** Messages of a queue that a function is called with. */
export interface GivenBatch {
  readonly queueArn: string;
  readonly functionName: string;
  readonly records: readonly SqsRecord[];
}

/** Callbacks for the batches of event source mappings. Must not throw. */
export interface BatchObserver {
  /** The function is called with them. */
  given(batch: GivenBatch): void;
  /** It has returned, failed, or could not be called: `failed` are the ids of those that stay. */
  finished(batch: GivenBatch, failed: ReadonlySet<string>, error?: string): void;
}
