/** Name of a stage's table of identities. */
export const identityTableNameOf = (stage: string): string => `whatsapp-${stage}-identities`;

/** Key attributes of the table of identities. */
export const identityKey = { address: 'address', scope: 'scope' } as const;

/**
 * An item of the table of identities: one address of a person, and the other one. A pair is two items, one
 * for each direction. The partition key is the address, so that everything known about a person is found
 * without a scan, for all accounts.
 */
export interface IdentityItem {
  /** A phone number (E.164) or a LID. */
  readonly address: string;
  /** The session and account that the pair belongs to. */
  readonly scope: string;
  /** The other address: a LID for a phone number, and vice versa. */
  readonly other: string;
  /** Name of the session. Absent if the body has none. */
  readonly session?: string | undefined;
  /** The session's account: its phone number, else its LID. Absent if the body has none. */
  readonly account?: string | undefined;
  /** When the pair was first seen, ISO-8601 UTC. */
  readonly since: string;
  /** When the pair was last seen, ISO-8601 UTC. Updated once a week at most. */
  readonly seenAt: string;
  /** Epoch seconds after which the item is ignored, and DynamoDB removes it. */
  readonly expiresAt: number;
}

/** Days after which an unused pair expires. */
export const identityRetentionDays = 180;
