import { watchMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/**
 * Counts the events in all failure queues together. One metric with one alarm costs a tenth of an alarm for
 * each queue, and the log line names the queues.
 *
 * @param queues their names
 * @param readCount returns the number of messages in a queue
 * @throws if a queue cannot be read, after all others were counted
 */
export async function countFailedEvents(
  queues: readonly string[],
  readCount: (queue: string) => Promise<number>,
): Promise<void> {
  const results = await Promise.allSettled(
    queues.map(async (queue) => ({ queue, waiting: await readCount(queue) })),
  );
  const filled = results.flatMap((result) =>
    result.status === 'fulfilled' && result.value.waiting > 0 ? [result.value] : [],
  );
  if (filled.length > 0) {
    count(
      watchMetrics.failedEvents,
      filled.reduce((sum, { waiting }) => sum + waiting, 0),
    );
    log.warn('events have failed', {
      queues: filled.map(({ queue, waiting }) => `${queue} ${waiting}`),
    });
  }
  const unread = results.find((result) => result.status === 'rejected');
  if (unread) {
    throw unread.reason;
  }
}
