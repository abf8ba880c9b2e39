import type { LocalObserver } from '@event-fanout/local-aws';

/** What has happened since the start. */
export interface Counts {
  /** HTTP requests answered. */
  received: number;
  published: number;
  /** Deliveries to targets. */
  delivered: number;
  /** Attempts that failed; most are made again. */
  failed: number;
  /** Events that EventBridge, a queue or a consumer has given up, into a dead-letter queue or without one. */
  dead: number;
}

/** Counts what is told. */
export function observeCounts(): { readonly counts: Counts; readonly observer: LocalObserver } {
  const counts: Counts = { received: 0, published: 0, delivered: 0, failed: 0, dead: 0 };
  const observer: LocalObserver = {
    served() {
      counts.received += 1;
    },
    routed({ kind }) {
      if (kind === 'published') counts.published += 1;
      else if (kind === 'delivered') counts.delivered += 1;
      else if (kind === 'failed') counts.failed += 1;
      else if (kind === 'deadLettered' || kind === 'dropped') counts.dead += 1;
    },
    deadLettered() {
      counts.dead += 1;
    },
  };
  return { counts, observer };
}

/** The counts as one line. */
export function formatCounts({ received, published, delivered, failed, dead }: Counts): string {
  return `received ${received}  published ${published}  delivered ${delivered}  failed ${failed}  dead letters ${dead}`;
}
