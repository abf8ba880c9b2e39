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
