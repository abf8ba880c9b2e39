import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Keyring, Way } from '../events/keyring/keyring.ts';
import { readKeyring, writeKeyring } from '../events/keyring/read-keyring.ts';
import type { AwsAccess } from './aws/connect.ts';

/** A keyring as it was read, and where it is stored. */
export interface StoredKeyring {
  readonly way: Way;
  readonly arn: string;
  /** The very text, to see whether somebody else has changed it since. */
  readonly text: string;
  readonly keyring: Keyring;
}

/** Reads one keyring. Throws when it is malformed: says where, never what. */
export async function readStored(access: AwsAccess, way: Way, arn: string): Promise<StoredKeyring> {
  const text = await readText(access, arn);
  return { way, arn, text, keyring: readKeyring(text, way) };
}

/**
 * Stores a changed keyring.
 *
 * @throws when what is stored is no longer what was read: nothing is stored then
 */
export async function store(
  access: AwsAccess,
  { arn, text }: StoredKeyring,
  keyring: Keyring,
): Promise<void> {
  if ((await readText(access, arn)) !== text) {
    throw new Error(
      'Somebody else has changed these secrets meanwhile. Nothing was done; run it again.',
    );
  }
  const command = new PutSecretValueCommand({ SecretId: arn, SecretString: writeKeyring(keyring) });
  await access.secretsManager.send(command);
}

async function readText({ secretsManager }: AwsAccess, arn: string): Promise<string> {
  const answer = await secretsManager.send(new GetSecretValueCommand({ SecretId: arn }));
  return answer.SecretString ?? '';
}
