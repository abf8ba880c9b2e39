/** Name of a stage's table of identities. */
export const identityTableNameOf = (stage: string): string => `whatsapp-${stage}-identities`;

/** Key attributes of the table of identities. */
export const identityKey = { address: 'address', scope: 'scope' } as const;

/**
 * An item of the table of identities: one address of a person, and the other one. A pair is two items, one for
 * each direction; the partition key is the address, so that all that is known of a person is found without a
 * scan, whichever account knows it.
 */
export interface IdentityItem {
  /** A phone number (E.164) or a LID. */
  readonly address: string;
  /** Which account of which session knows it. */
  readonly scope: string;
  /** The other address: a LID for a phone number, and vice versa. */
  readonly other: string;
  /** Name of the session. Absent where the body named none. */
  readonly session?: string | undefined;
  /** The session's account: its phone number, else its LID. Absent where the body named none. */
  readonly account?: string | undefined;
  /** Since when the pair is known, ISO-8601 UTC. */
  readonly since: string;
  /** When it was seen last, ISO-8601 UTC; written again after a week at the earliest. */
  readonly seenAt: string;
  /** Epoch seconds after which the item does not count, and is removed. */
  readonly expiresAt: number;
}

/** Days after which a pair that nobody has named or used is removed. */
export const identityRetentionDays = 180;
