import { watchMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/** The state of a session, from the state table. */
export interface SessionState {
  readonly session: string;
  /** Status in its last event. @default - only an event about a restriction was received */
  readonly status?: string | undefined;
  /** Whether WhatsApp has restricted its account. @default false */
  readonly isRestricted?: boolean;
}

/** States in which a session sends no events until a person acts. A session that is starting does not count. */
const offline: ReadonlySet<string | undefined> = new Set([
  'STOPPED',
  'SCAN_QR_CODE',
  'PASSKEY_REQUIRED',
  'PASSKEY_CONFIRMATION_REQUIRED',
  'FAILED',
]);

/**
 * Counts the sessions that are offline or restricted. A session reports only changes, so the sessions are
 * counted at each interval, and an alarm stays active for as long as the state lasts. If there are none, no
 * metric is written, which costs nothing.
 */
export async function countSessions(
  readSessions: () => Promise<readonly SessionState[]>,
): Promise<void> {
  const sessions = await readSessions();
  const down = sessions.filter(({ status }) => offline.has(status));
  if (down.length > 0) {
    count(watchMetrics.sessionsOffline, down.length);
    log.warn('sessions are offline', {
      sessions: down.map(({ session, status }) => `${session} ${status}`),
    });
  }
  const restricted = sessions.filter(({ isRestricted }) => isRestricted);
  if (restricted.length > 0) {
    count(watchMetrics.sessionsRestricted, restricted.length);
    log.warn('accounts are restricted', { sessions: restricted.map(({ session }) => session) });
  }
}

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
