import type { BrowserRequest } from './endpoint/browser-requests.ts';
import type { Observation } from './eventbridge/observation.ts';
import type { ServedRequest } from './http-api/access-log.ts';
import type { GivenBatch } from './lambda/event-source-mapping/mapping-settings.ts';
import type { LogLine } from './lambda/logs/platform-log.ts';

/** Callbacks for what happens in a local run. Each is optional; none may throw. */
export interface LocalObserver {
  /** A line of a function's log, or of Lambda's own about it. */
  logged?(line: LogLine): void;
  /** A line of a stage's access log. */
  accessLogged?(line: string): void;
  /** An HTTP request was answered. */
  served?(request: ServedRequest): void;
  /** An ingress has refused a request of a web page. */
  refused?(request: RefusedRequest): void;
  /**
   * EventBridge accepted, delivered or finally failed to deliver an event; without the event's
   * content.
   */
  routed?(observation: Observation): void;
  /** EventBridge put an event into a queue. */
  queued?(queueArn: string, body: string): void;
  /** A message has arrived in a dead-letter queue, moved there by SQS or sent. */
  deadLettered?(queueArn: string): void;
  /** A function was called with messages of its queue. */
  given?(batch: GivenBatch): void;
  /** The call has ended; `failed` are the ids of the messages that stay in the queue. */
  finished?(batch: GivenBatch, failed: ReadonlySet<string>, error?: string): void;
}

/** A request that an ingress has refused, since a web page made it. */
export interface RefusedRequest extends BrowserRequest {
  readonly method: string;
  /** Without query, which may hold a secret. */
  readonly path: string;
}
