import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { KeyringChangeError } from '../events/keyring/change-keyring.ts';
import {
  type AuthScheme,
  type Keyring,
  type LiveSecret,
  plainSender,
  readKeyring,
  type SenderSecrets,
  writeKeyring,
} from '../events/keyring/keyring.ts';
import { describeUnknownName } from '../events/nearest-name.ts';
import type { AwsAccess } from './aws/connect.ts';
import { findOnlyStack, listResources } from './aws/find-pipeline.ts';

/** A keyring as it was read, and where it is stored. */
export interface StoredKeyring {
  readonly scheme: AuthScheme;
  readonly arn: string;
  /** The exact stored text, to detect concurrent changes. */
  readonly text: string;
  readonly keyring: Keyring;
}

/** Reads one keyring. Throws when it is malformed: names the position, never the content. */
export async function readStored(
  access: AwsAccess,
  scheme: AuthScheme,
  arn: string,
): Promise<StoredKeyring> {
  const text = await readText(access, arn);
  return { scheme, arn, text, keyring: readKeyring(text, scheme) };
}

/** How the logical ids of the stack's secrets end: CDK adds eight characters of a hash. */
const logicalId: Readonly<Record<AuthScheme, RegExp>> = {
  hmac: /IngestSigningSecret[0-9A-F]{8}$/,
  secret: /IngestUrlSecret[0-9A-F]{8}$/,
};

/** The keyrings of a stack: one for each auth scheme that the stage accepts. */
export interface StackKeyrings {
  readonly stackName: string;
  readonly keyrings: readonly StoredKeyring[];
}

/**
 * Reads the keyrings of the stack.
 *
 * @throws when there is none
 */
export async function readKeyrings(access: AwsAccess): Promise<StackKeyrings> {
  const stackName = access.stack ?? (await findOnlyStack(access));
  const secrets = (await listResources(access, stackName)).filter(
    ({ ResourceType }) => ResourceType === 'AWS::SecretsManager::Secret',
  );
  const keyrings = (['hmac', 'secret'] as const).flatMap((scheme) =>
    secrets
      .filter(({ LogicalResourceId = '' }) => logicalId[scheme].test(LogicalResourceId))
      .map(({ PhysicalResourceId = '' }) => readStored(access, scheme, PhysicalResourceId)),
  );
  if (keyrings.length > 0) {
    return { stackName, keyrings: await Promise.all(keyrings) };
  }
  throw new Error(
    `The stack ${stackName} has no secrets of senders. Is it a stack of this project?`,
  );
}

/** The keyring that a sender is in. */
export function keyringWith(keyrings: readonly StoredKeyring[], sender: string): StoredKeyring {
  const found = keyrings.filter(({ keyring }) => Object.hasOwn(keyring.senders, sender));
  const [only] = found;
  if (only && found.length === 1) {
    return only;
  }
  const names = keyrings.flatMap(({ keyring }) => Object.keys(keyring.senders)).join(', ');
  throw new KeyringChangeError(
    only
      ? `"${sender}" is the name of two senders, one that signs and one that does not. Rename one of them in Secrets Manager.`
      : `There is no sender "${sender}". There are: ${names || 'none'}.`,
  );
}

/**
 * Stores a changed keyring.
 *
 * @throws when the stored text has changed since it was read; nothing is stored then
 */
export async function store(
  access: AwsAccess,
  { arn, text }: StoredKeyring,
  keyring: Keyring,
): Promise<void> {
  if ((await readText(access, arn)) !== text) {
    throw new Error(
      'These secrets were changed by another command in the meantime. Nothing was done; run it again.',
    );
  }
  const command = new PutSecretValueCommand({ SecretId: arn, SecretString: writeKeyring(keyring) });
  await access.secretsManager.send(command);
}

async function readText({ secretsManager }: AwsAccess, arn: string): Promise<string> {
  const answer = await secretsManager.send(new GetSecretValueCommand({ SecretId: arn }));
  return answer.SecretString ?? '';
}

/**
 * The newest secret of a sender that signs (`hmac`) or sends a secret along (`secret`): that of the sender
 * of this name, else that of the stack's own sender (`waha`, `wawp`), else that of the first one.
 *
 * @throws when the stack has no sender of that scheme, or none of that name
 */
export function newestSecret(
  { keyrings, stackName }: StackKeyrings,
  scheme: AuthScheme,
  name?: string,
): { readonly sender: string; readonly settings: SenderSecrets; readonly secret: LiveSecret } {
  const senders = keyrings.find((each) => each.scheme === scheme)?.keyring.senders ?? {};
  const [first] = Object.keys(senders);
  const own = Object.hasOwn(senders, plainSender[scheme]) ? plainSender[scheme] : first;
  const sender = name ?? own;
  const settings = sender !== undefined && Object.hasOwn(senders, sender) && senders[sender];
  const secret = settings ? settings.secrets.at(-1) : undefined;
  if (sender !== undefined && settings && secret) {
    return { sender, settings, secret };
  }
  if (name !== undefined) {
    throw new KeyringChangeError(
      describeUnknownName(`sender in ${stackName}`, name, Object.keys(senders)),
    );
  }
  const proof = scheme === 'hmac' ? 'hmac-sha512' : 'secret';
  throw new Error(
    `The stack ${stackName} has no sender that authenticates by ${proof}. Add one: fanout secret create NAME --proof ${proof}.`,
  );
}
