import { watchMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/** What the state table says of a session. */
export interface SessionState {
  readonly session: string;
  /** As its last event has it. @default - an event of a restriction came only */
  readonly status?: string | undefined;
  /** Whether WhatsApp has restricted its account. @default false */
  readonly isRestricted?: boolean;
}

/**
 * States in which a session sends no events until somebody acts. A session that is starting does not
 * count.
 */
const offline: ReadonlySet<string | undefined> = new Set([
  'STOPPED',
  'SCAN_QR_CODE',
  'PASSKEY_REQUIRED',
  'PASSKEY_CONFIRMATION_REQUIRED',
  'FAILED',
]);

/**
 * Counts the sessions that need somebody. A session reports a change only, so each is counted again and
 * again: an alarm then sees it for as long as it lasts. None is no metric, which costs nothing.
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
