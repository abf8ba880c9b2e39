import { type QueueRole, queueTags } from '../../events/names.ts';

/**
 * Whoever listens says until when its rule and queue are wanted, and says so again while it lives.
 * One that was killed says it no more, so that anybody may tidy up after it, on whichever machine.
 */
export const usualLeaseMs = 120_000;

/** Value of the role tag of a queue of `fanout tail`. */
const tailRole: QueueRole = 'tail';

/** How often a lease is renewed before it ends. */
export const renewals = 4;

/** The moment, in milliseconds since 1970, until which a queue of `fanout tail` is wanted. */
export function expiryOf(tags: Readonly<Record<string, string>>): number | undefined {
  if (tags[queueTags.role] !== tailRole) return undefined;
  const moment = Date.parse(tags[queueTags.expires] ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

/** The tags by which a queue says whose it is and until when it is wanted. */
export function leaseTags(busName: string, expiresAt: number): Record<string, string> {
  return {
    [queueTags.role]: tailRole,
    [queueTags.bus]: busName,
    [queueTags.expires]: new Date(expiresAt).toISOString(),
  };
}
