import type { Command } from 'commander';
import { KeyringChangeError } from '../../events/keyring/change-keyring.ts';
import type { Way } from '../../events/keyring/keyring.ts';
import { type AwsAccess, connect } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { findOnlyStack, listResources } from '../../ops/aws/find-pipeline.ts';
import { readStored, type StoredKeyring } from '../../ops/stored-keyring.ts';
import type { ConnectionOptions } from '../terminal/connection-options.ts';

/** What a command works with. */
export interface OpenedKeyrings {
  readonly access: AwsAccess;
  readonly stackName: string;
  /** One for each way of authentication that the stage takes. */
  readonly keyrings: readonly StoredKeyring[];
}

/** How the logical ids of the stack's secrets end: CDK adds eight characters of a hash. */
const logicalId: Readonly<Record<Way, RegExp>> = {
  hmac: /IngestSigningSecret[0-9A-F]{8}$/,
  secret: /IngestUrlSecret[0-9A-F]{8}$/,
};

/** Connects, reads the keyrings of the stack, does the work, and says in plain words what was refused. */
export async function withKeyrings(
  options: ConnectionOptions,
  command: Command,
  work: (opened: OpenedKeyrings) => Promise<void>,
): Promise<void> {
  const access = connect(options);
  try {
    const stackName = access.stack ?? (await findOnlyStack(access));
    const secrets = (await listResources(access, stackName)).filter(
      ({ ResourceType }) => ResourceType === 'AWS::SecretsManager::Secret',
    );
    const keyrings = (['hmac', 'secret'] as const).flatMap((way) =>
      secrets
        .filter(({ LogicalResourceId = '' }) => logicalId[way].test(LogicalResourceId))
        .map(({ PhysicalResourceId = '' }) => readStored(access, way, PhysicalResourceId)),
    );
    if (keyrings.length === 0) {
      throw new Error(
        `The stack ${stackName} has no secrets of senders. Is it a stack of this project?`,
      );
    }
    await work({ access, stackName, keyrings: await Promise.all(keyrings) });
  } catch (error) {
    if (error instanceof KeyringChangeError) command.error(`error: ${error.message}`);
    throw explainError(error);
  } finally {
    access.close();
  }
}

/** The keyring that a sender is in. */
export function keyringWith(keyrings: readonly StoredKeyring[], sender: string): StoredKeyring {
  const found = keyrings.filter(({ keyring }) => Object.hasOwn(keyring.senders, sender));
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = keyrings.flatMap(({ keyring }) => Object.keys(keyring.senders)).join(', ');
  throw new KeyringChangeError(
    only
      ? `"${sender}" is the name of two senders, one that signs and one that does not. Rename one of them in Secrets Manager.`
      : `There is no sender "${sender}". There are: ${names || 'none'}.`,
  );
}
