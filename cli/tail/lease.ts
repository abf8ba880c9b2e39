/**
 * Whoever listens says until when its rule and queue are wanted, and says so again while it lives.
 * One that was killed says it no more, so that anybody may tidy up after it, on whichever machine.
 */
export const usualLeaseMs = 120_000;

/** Tag of a queue: until when it is wanted, ISO-8601 UTC. */
export const expiresTag = 'fanout:expires';

/** Tag of a queue: the bus that its rule is on. */
export const busTag = 'fanout:bus';

/** Value of a queue's tag `fanout:role`. */
export const tailRole = 'tail';

/** How often a lease is renewed before it ends. */
export const renewals = 4;

/** The moment, in milliseconds since 1970, until which a queue of `fanout tail` is wanted. */
export function expiryOf(tags: Readonly<Record<string, string>>): number | undefined {
  if (tags['fanout:role'] !== tailRole) return undefined;
  const moment = Date.parse(tags[expiresTag] ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

/** The tags by which a queue says whose it is and until when it is wanted. */
export function leaseTags(busName: string, expiresAt: number): Record<string, string> {
  return {
    'fanout:role': tailRole,
    [busTag]: busName,
    [expiresTag]: new Date(expiresAt).toISOString(),
  };
}
