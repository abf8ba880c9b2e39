import { isRecord } from '../own.ts';

/** How a sender authenticates: by an HMAC over the body, or by a secret in the request. */
export type AuthScheme = 'hmac' | 'secret';

/** The digests of an HMAC. WAHA signs with SHA-512; Wawp's SDK verifies SHA-256. */
export type Algorithm = 'sha512' | 'sha256';

/** A secret that is currently accepted. */
export interface LiveSecret {
  /** Identifies the secret in lists and logs. It reveals nothing about the value. */
  readonly id: string;
  readonly value: string;
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** The secrets and settings of one sender. */
export interface SenderSecrets {
  /** Digest of the HMAC; for the auth scheme `hmac` only. @default 'sha512' */
  readonly algorithm?: Algorithm;
  /**
   * The request header that carries the signature or the secret, in lower case.
   *
   * @default 'x-webhook-hmac' for a signature; 'x-webhook-secret', a bearer token, the query or the
   *   path for a secret
   */
  readonly header?: string;
  /** The only sessions whose events the sender may send. @default - any */
  readonly sessions?: readonly string[];
  /** One secret, or two during a rotation; the newest is the last. */
  readonly secrets: readonly LiveSecret[];
}

/** The secrets of one auth scheme, by the senders' names. */
export interface Keyring {
  readonly version: 1;
  readonly senders: Readonly<Record<string, SenderSecrets>>;
}

/** Maximum number of live secrets of a sender. A rotation needs two. */
export const maxLiveSecrets = 2;

/**
 * Milliseconds after which every instance of ingest accepts a new secret. An instance that receives an
 * unknown secret reads the stored ones again, unless it did so within this time.
 */
export const seenWithinMs = 5_000;

/**
 * Maximum number of senders. A request is compared with every live secret, and each comparison reads the full
 * body.
 */
export const maxSenders = 20;

/** The name of the sender if the secret is stored as plain text, as the stack creates it. */
export const plainSender: Readonly<Record<AuthScheme, string>> = { hmac: 'waha', secret: 'wawp' };

/** The id of a secret that is stored as plain text. */
export const plainSecretId = 'first';

/** Name of a sender: part of logs and metrics. */
export const senderNamePattern = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Reads the stored secret of one auth scheme: plain text is the only secret of one sender; text that starts
 * with a brace is a keyring, `{"version":1,"senders":{…}}`.
 *
 * @throws KeyringError when the keyring is malformed; its message names the place and never a value
 */
export function readKeyring(text: string, scheme: AuthScheme): Keyring {
  if (text === '') {
    throw new KeyringError('', 'hold a secret');
  }
  if (!text.trimStart().startsWith('{')) {
    const secrets = [{ id: plainSecretId, value: text }];
    return { version: 1, senders: { [plainSender[scheme]]: { secrets } } };
  }
  const stored = parse(text);
  if (!isRecord(stored)) {
    throw new KeyringError('', 'be a JSON object');
  }
  if (stored.version !== 1) {
    throw new KeyringError('version', 'be 1, the only one that this release reads');
  }
  if (!isRecord(stored.senders)) {
    throw new KeyringError('senders', 'be an object');
  }
  const entries = Object.entries(stored.senders);
  if (entries.length > maxSenders) {
    throw new KeyringError('senders', `name ${maxSenders} senders at most`);
  }
  const senders = entries.map(([name, sender]) => {
    if (!senderNamePattern.test(name)) {
      const expected = 'have lower-case letters, digits and hyphens as names, 40 at most';
      throw new KeyringError('senders', expected);
    }
    return [name, readSender(sender, `senders.${name}`, scheme)] as const;
  });
  refuseSharedValues(senders.flatMap(([, { secrets }]) => secrets));
  return { version: 1, senders: Object.fromEntries(senders) };
}

/** Serializes a keyring to the text to store. */
export function writeKeyring(keyring: Keyring): string {
  return JSON.stringify(keyring);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeyringError('', 'be JSON, as it begins with a brace');
  }
}

/** Refuses two senders with the same secret, since the secret identifies the sender. */
function refuseSharedValues(secrets: readonly { readonly value: string }[]): void {
  if (new Set(secrets.map(({ value }) => value)).size === secrets.length) {
    return;
  }
  throw new KeyringError('senders', 'have secrets that differ from each other');
}

/** Thrown for a stored keyring that cannot be read. */
export class KeyringError extends Error {
  /** Path in the keyring; empty for the keyring itself. */
  readonly path: string;

  constructor(path: string, expected: string) {
    super(`The stored keyring is malformed: ${path === '' ? 'it' : `"${path}"`} must ${expected}.`);
    this.name = 'KeyringError';
    this.path = path;
  }
}

const known = new Set(['algorithm', 'header', 'sessions', 'secrets']);

/** A header's name as HTTP has it (RFC 9110, section 5.1), in lower case. */
export const headerPattern = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/**
 * Reads one sender of a keyring. An unknown field is refused, since a misspelt `sessions` would admit all
 * sessions.
 */
export function readSender(stored: unknown, path: string, scheme: AuthScheme): SenderSecrets {
  if (!isRecord(stored)) {
    throw new KeyringError(path, 'be an object');
  }
  const unknown = Object.keys(stored).find((field) => !known.has(field));
  if (unknown !== undefined) {
    throw new KeyringError(path, `have only the fields ${[...known].join(', ')}`);
  }
  const { algorithm, header, sessions, secrets } = stored;
  if (algorithm !== undefined && !(scheme === 'hmac' && isAlgorithm(algorithm))) {
    const expected = scheme === 'hmac' ? 'be sha512 or sha256' : 'be absent, for nothing is signed';
    throw new KeyringError(`${path}.algorithm`, expected);
  }
  if (header !== undefined && !(typeof header === 'string' && headerPattern.test(header))) {
    throw new KeyringError(`${path}.header`, 'be the name of a header in lower case');
  }
  if (sessions !== undefined && !isTexts(sessions)) {
    throw new KeyringError(`${path}.sessions`, 'be a list of names of sessions');
  }
  return {
    ...(algorithm !== undefined && { algorithm: algorithm as SenderSecrets['algorithm'] }),
    ...(header !== undefined && { header: header as string }),
    ...(sessions !== undefined && { sessions: sessions as readonly string[] }),
    secrets: readSecrets(secrets, `${path}.secrets`),
  };
}

function readSecrets(stored: unknown, path: string): LiveSecret[] {
  if (!Array.isArray(stored) || stored.length === 0 || stored.length > maxLiveSecrets) {
    throw new KeyringError(path, `be a list of 1 to ${maxLiveSecrets} secrets`);
  }
  return stored.map((secret, index) => {
    const at = `${path}[${index}]`;
    const { id, value, createdAt } = isRecord(secret) ? secret : {};
    if (typeof id !== 'string' || !/^[\w-]{1,40}$/.test(id)) {
      throw new KeyringError(`${at}.id`, 'be 1 to 40 letters, digits, hyphens and underscores');
    }
    if (typeof value !== 'string' || value === '') {
      throw new KeyringError(`${at}.value`, 'be text that is not empty');
    }
    return { id, value, ...(typeof createdAt === 'string' && { createdAt }) };
  });
}

const isAlgorithm = (value: unknown) => value === 'sha512' || value === 'sha256';

const isTexts = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((text) => typeof text === 'string' && text !== '' && text.length <= 256);
