import type { Envelope } from '../../events/envelope.ts';
import { toInstant } from '../../events/instant.ts';
import { RefusedError } from './answer.ts';
import type { Match } from './authenticate.ts';

/**
 * Refuses a webhook that tells of a session for which none of the secrets that it proved to know
 * speaks. A body that names no session is covered by a sender that may speak for any.
 *
 * @throws RefusedError
 */
export function requireCovered(matches: readonly Match[], events: readonly Envelope[]): void {
  for (const { meta } of events) {
    const { session } = meta;
    const isCovered = matches.some(
      ({ sessions }) => !sessions || (session !== undefined && sessions.includes(session)),
    );
    if (!isCovered) throw new RefusedError('unauthorized', 'session-not-covered');
  }
}

/**
 * Refuses a webhook that was made too long ago to be a sender's retry. The time is the one in the
 * body, which a signature covers; the header's is not. What tells no time (WAHA before 2025.3) passes.
 *
 * @param window hours; 0 takes any age
 * @throws RefusedError
 */
export function requireRecent(events: readonly Envelope[], window: number, now: number): void {
  if (window === 0) return;
  for (const { wire } of events) {
    const sentAt = toInstant(wire.timestamp);
    if (sentAt !== undefined && now - Date.parse(sentAt) > window * 3_600_000) {
      throw new RefusedError('unauthorized', 'too-old');
    }
  }
}
