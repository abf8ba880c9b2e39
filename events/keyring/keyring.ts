/** How a sender proves who it is: by an HMAC over the body, or by a secret that it sends along. */
export type AuthScheme = 'hmac' | 'secret';

/** The digests of an HMAC. WAHA signs with SHA-512; Wawp's SDK verifies SHA-256. */
export type Algorithm = 'sha512' | 'sha256';

/** One secret that is taken at present. */
export interface LiveSecret {
  /** Names the secret in lists and logs; reveals nothing of its value. */
  readonly id: string;
  readonly value: string;
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** What one sender may prove itself with. */
export interface SenderSecrets {
  /** Digest of the HMAC; senders that send a secret along have none. @default 'sha512' */
  readonly algorithm?: Algorithm;
  /**
   * The request header that carries the signature or the secret, in lower case.
   *
   * @default 'x-webhook-hmac' for a signature; 'x-webhook-secret', a bearer token, the query or the
   *   path for a secret
   */
  readonly header?: string;
  /** The only sessions that the sender may speak for. @default - any */
  readonly sessions?: readonly string[];
  /** One, or two while one takes the place of the other; the newest is the last. */
  readonly secrets: readonly LiveSecret[];
}

/** The secrets of one auth scheme, by the senders' names. */
export interface Keyring {
  readonly version: 1;
  readonly senders: Readonly<Record<string, SenderSecrets>>;
}

/** A sender changes from one secret to the next, so two live ones are what a rotation needs. */
export const maxLiveSecrets = 2;

/**
 * A new secret is taken by every instance of ingest this long after it is stored: one that meets a
 * secret that it does not know reads again what is stored, unless it did so just before.
 */
export const seenWithinMs = 5_000;

/** A request is compared with every live secret, and each comparison reads the full body. */
export const maxSenders = 20;

/** The sender of a secret that is stored as bare text, as the stack makes it. */
export const plainSender: Readonly<Record<AuthScheme, string>> = { hmac: 'waha', secret: 'wawp' };

/** The id of a secret that is stored as bare text. */
export const plainSecretId = 'first';
