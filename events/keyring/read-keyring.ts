import { isRecord } from '../own.ts';
import {
  type AuthScheme,
  type Keyring,
  maxSenders,
  plainSecretId,
  plainSender,
} from './keyring.ts';
import { KeyringError, readSender } from './read-sender.ts';

/** Name of a sender: part of logs and metrics. */
export const senderNamePattern = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Reads what is stored for one auth scheme: bare text is the one secret of one sender; text
 * that begins with a brace is a keyring, `{"version":1,"senders":{…}}`.
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

/** The text to store. */
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

/** The secret identifies the sender, so two senders cannot have the same value. */
function refuseSharedValues(secrets: readonly { readonly value: string }[]): void {
  if (new Set(secrets.map(({ value }) => value)).size === secrets.length) {
    return;
  }
  throw new KeyringError('senders', 'have secrets that differ from each other');
}
