import { isRecord } from '../own.ts';
import { type AuthScheme, type LiveSecret, maxLiveSecrets, type SenderSecrets } from './keyring.ts';

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

/** Reads one sender of a keyring. An unknown field is refused: a misspelt `sessions` would admit all. */
export function readSender(stored: unknown, path: string, scheme: AuthScheme): SenderSecrets {
  if (!isRecord(stored)) {
    throw new KeyringError(path, 'be an object');
  }
  const unknown = Object.keys(stored).find((field) => !known.has(field));
  if (unknown !== undefined) {
    throw new KeyringError(path, `have no other fields than ${[...known].join(', ')}`);
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
