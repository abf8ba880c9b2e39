import { sessionMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/** What the state table says of a session. */
export interface SessionStatus {
  readonly session: string;
  readonly status: string;
}

/**
 * States in which a session's events do not come until somebody does something. One that is starting
 * is on its way.
 */
const offline: ReadonlySet<string> = new Set([
  'STOPPED',
  'SCAN_QR_CODE',
  'PASSKEY_REQUIRED',
  'PASSKEY_CONFIRMATION_REQUIRED',
  'FAILED',
]);

/**
 * Makes the function that counts the sessions that are offline. A session tells of a change only, so
 * the number is told again and again: an alarm then sees each session for as long as it is offline.
 */
export function countOffline(readStatuses: () => Promise<readonly SessionStatus[]>) {
  return async (): Promise<void> => {
    const sessions = await readStatuses();
    const found = sessions.filter(({ status }) => offline.has(status));
    count(sessionMetrics.sessionsOffline, found.length);
    if (found.length === 0) return;
    log.warn('sessions are offline', {
      sessions: found.map(({ session, status }) => `${session} ${status}`),
    });
  };
}
