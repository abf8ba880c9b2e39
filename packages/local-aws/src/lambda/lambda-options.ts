import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { MappingPorts } from './event-source-mapping/mapping-settings.ts';
import type { QueueSource } from './event-source-mapping/sqs-queue-source.ts';
import type { LogLine } from './logs/platform-log.ts';

/** Options of the function runner. */
export interface RunnerOptions {
  /** Times retries of asynchronous invocations. Executions themselves take real time. */
  readonly clock: Clock;
  /** Where asynchronous invocations are kept. @default in memory */
  readonly store?: Store;
  /** Receives each line of each function's log. @default dropped */
  readonly log?: (line: LogLine) => void;
  /** Environment variables for all functions, above the template's: `AWS_ENDPOINT_URL`. */
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  /**
   * Maximum number of concurrent processes of one function. Further invocations wait: AWS would run
   * them on other machines, so they must not fail here. @default 10
   */
  readonly maxEnvironments?: number;
  /** Seconds of real time after which an idle environment is ended. @default 600 */
  readonly idleSeconds?: number;
  /** Concurrent executions over all functions, above which calls are throttled. @default 1000 */
  readonly accountConcurrency?: number;
}

/** The dependencies of the service. */
export interface LambdaOptions extends RunnerOptions {
  /** The source of event source mappings. @default mappings are refused */
  readonly queues?: QueueSource;
  /** For mappings with filters: see {@link MappingPorts}. @default such mappings are refused */
  readonly compileFilter?: MappingPorts['compileFilter'];
  /** Callbacks for each batch that a function is called with. @default - none */
  readonly batches?: MappingPorts['batches'];
}

/** How a function is called. */
export interface InvokeOptions {
  /** @default 'RequestResponse' */
  readonly type?: 'RequestResponse' | 'Event' | 'DryRun';
  /** Whether to return the end of the execution's log. @default false */
  readonly tail?: boolean;
  /** `X-Amzn-Trace-Id`. @default a new one */
  readonly traceId?: string;
  /** JSON for `context.clientContext`. */
  readonly clientContext?: string;
}

/** The response of `Invoke`. */
export interface InvokeResult {
  /** 200, for `Event` 202, for `DryRun` 204. */
  readonly statusCode: number;
  readonly functionError?: 'Unhandled';
  readonly payload: string;
  readonly executedVersion: '$LATEST';
  /** Base64, if requested. */
  readonly logTail?: string;
  readonly requestId: string;
}
