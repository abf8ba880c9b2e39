import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { Bus } from '../aws/pipeline.ts';
import { type Following, follow } from './follow.ts';
import { renewals } from './lease.ts';
import { closePost, openPost, renewLease } from './tail-queue.ts';

/** What is listened to, and who listens. */
export interface Listening extends Following {
  /** Of the rule and the queue. */
  readonly name: string;
  /** Event pattern, as JSON. */
  readonly pattern: string;
  readonly leaseMs: number;
  /** Is told when events begin to come. */
  readonly onReady?: () => void;
}

/**
 * Listens to a bus through a rule and a queue of its own. Both are gone when this returns or throws;
 * if the process is killed instead, they are left with a lease that ends.
 */
export async function listen(access: AwsAccess, bus: Bus, listening: Listening): Promise<void> {
  const { leaseMs, signal } = listening;
  if (signal.aborted) return;
  const post = await openPost(access, bus, listening);
  const timer = setInterval(() => {
    // A queue that is gone ends the listening by itself; what else fails is tried again in time.
    renewLease(access, post, leaseMs).catch((error) => isMissing(error));
  }, leaseMs / renewals);
  try {
    listening.onReady?.();
    await follow(access, post.queueUrl, listening);
  } finally {
    clearInterval(timer);
    await closePost(access, post);
  }
}
