/** What happened to an event, without its content. */
export type Observation =
  | {
      readonly kind: 'published';
      readonly eventId: string;
      readonly bus: string;
      readonly source: string;
      readonly detailType: string;
      /** Names of the rules that match. */
      readonly rules: readonly string[];
      /** The replay that it comes from. */
      readonly replay?: string;
    }
  | ({ readonly kind: 'delivered' /** Since acceptance. */; readonly ms: number } & Attempt)
  | ({ readonly kind: 'failed'; readonly retryInMs: number } & Attempt & Failure)
  | ({ readonly kind: 'deadLettered'; readonly queueArn: string } & Attempt & Failure)
  /**
   * Retries are exhausted and there is no dead-letter queue, or it refused the message: the event
   * is lost.
   */
  | ({ readonly kind: 'dropped' } & Attempt & Failure)
  /** AWS accepts events for a bus that does not exist, and delivers them to no target. */
  | { readonly kind: 'noSuchBus'; readonly eventId: string; readonly bus: string };

interface Attempt {
  readonly eventId: string;
  readonly bus: string;
  readonly rule: string;
  readonly targetId: string;
  readonly targetArn: string;
  /** 1 for the first. */
  readonly attempt: number;
}

interface Failure {
  /** As in the attribute ERROR_CODE of the dead-letter message. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** Counters since the start, named after EventBridge's CloudWatch metrics where it has one. */
export interface EventBridgeMetrics {
  published: number;
  matched: number;
  delivered: number;
  failedAttempts: number;
  deadLettered: number;
  dropped: number;
  noSuchBus: number;
  /** Of the published events, those that a replay sent. */
  replayed: number;
}

export const newMetrics = (): EventBridgeMetrics => ({
  published: 0,
  matched: 0,
  delivered: 0,
  failedAttempts: 0,
  deadLettered: 0,
  dropped: 0,
  noSuchBus: 0,
  replayed: 0,
});

/** Counts an observation. */
export function count(metrics: EventBridgeMetrics, observation: Observation): void {
  switch (observation.kind) {
    case 'published':
      metrics.published += 1;
      metrics.matched += observation.rules.length;
      if (observation.replay !== undefined) {
        metrics.replayed += 1;
      }
      break;
    case 'failed':
      metrics.failedAttempts += 1;
      break;
    case 'deadLettered':
    case 'dropped':
      metrics.failedAttempts += 1;
      metrics[observation.kind] += 1;
      break;
    default:
      metrics[observation.kind] += 1;
  }
}
