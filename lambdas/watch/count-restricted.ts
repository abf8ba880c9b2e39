import { sessionMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';

/** What the state table says of WhatsApp's restriction of an account. */
export interface SessionRestriction {
  readonly session: string;
  readonly active: boolean;
  /** When it ends, ISO-8601. Absent where no end is said. */
  readonly until?: string;
}

/**
 * Makes the function that counts the sessions whose account WhatsApp restricts. The sender reports the
 * beginning and, if at all, the end, so the number is counted again and again, as with sessions that
 * are offline.
 */
export function countRestricted(
  readRestrictions: () => Promise<readonly SessionRestriction[]>,
  now: () => number = Date.now,
) {
  return async (): Promise<void> => {
    const restrictions = await readRestrictions();
    const found = restrictions.filter(
      ({ active, until }) => active && !(until !== undefined && Date.parse(until) <= now()),
    );
    count(sessionMetrics.sessionsRestricted, found.length);
    if (found.length === 0) return;
    log.warn('accounts are restricted', { sessions: found.map(({ session }) => session) });
  };
}
