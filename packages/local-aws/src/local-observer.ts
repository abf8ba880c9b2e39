import type { Observation } from './eventbridge/observation.ts';
import type { ServedRequest } from './http-api/access-log.ts';
import type { GivenBatch } from './lambda/event-source-mapping/mapping-settings.ts';
import type { LogLine } from './lambda/logs/platform-log.ts';

/** Who is told what happens in a local run. Each part is optional; none may throw. */
export interface LocalObserver {
  /** A line of a function's log, or of Lambda's own about it. */
  logged?(line: LogLine): void;
  /** A line of a stage's access log. */
  accessLogged?(line: string): void;
  /** An HTTP request was answered. */
  served?(request: ServedRequest): void;
  /** EventBridge took, delivered or gave up on an event; never with its content. */
  routed?(observation: Observation): void;
  /** EventBridge put an event into a queue. */
  queued?(queueArn: string, body: string): void;
  /** A message has come into the dead-letter queue of other queues: moved by SQS, or sent. */
  deadLettered?(queueArn: string): void;
  /** A function is called with messages of its queue. */
  given?(batch: GivenBatch): void;
  /** The call has ended; `failed` are the ids of the messages that stay in the queue. */
  finished?(batch: GivenBatch, failed: ReadonlySet<string>, error?: string): void;
}
