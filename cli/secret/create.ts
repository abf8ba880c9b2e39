import type { Command } from 'commander';
import { addSender, KeyringChangeError } from '../../events/keyring/change-keyring.ts';
import type { SenderSecrets } from '../../events/keyring/keyring.ts';
import { headerPattern, readSender } from '../../events/keyring/keyring.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { store } from '../../ops/stored-keyring.ts';
import {
  type NewSecretOptions,
  newSecret,
  type Proof,
  schemeOf,
  showOnce,
} from './secret-value.ts';
import { withKeyrings } from './with-keyrings.ts';

interface CreateOptions extends ConnectionOptions, NewSecretOptions {
  readonly proof: Proof;
  readonly session?: readonly string[];
  readonly header?: string;
  readonly wait: number;
  readonly json?: boolean;
}

/** `fanout secret create`: adds a sender. */
export function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const { proof, session: sessions } = options;
  const scheme = schemeOf(proof);
  const header = options.header?.toLowerCase();
  if (header !== undefined && !headerPattern.test(header)) {
    command.error(`error: "${options.header}" is no name of a header, such as x-signature`);
  }
  return withKeyrings(options, command, async ({ access, keyrings, stackName }) => {
    const stored = keyrings.find((each) => each.scheme === scheme);
    if (!stored) {
      throw new KeyringChangeError(
        `The stage of ${stackName} does not take ${proof}. Its setting "authentication" says what it takes.`,
      );
    }
    if (
      keyrings.some(
        ({ keyring }) => Object.hasOwn(keyring.senders, name) && keyring !== stored.keyring,
      )
    ) {
      throw new KeyringChangeError(`There is a sender "${name}" already, with another proof.`);
    }
    const secret = await newSecret(options, command);
    const sender: SenderSecrets = {
      ...(proof === 'hmac-sha256' && { algorithm: 'sha256' as const }),
      ...(header !== undefined && { header }),
      ...(sessions && { sessions }),
      secrets: [secret],
    };
    const keyring = addSender(stored.keyring, name, readSender(sender, name, scheme));
    await store(access, stored, keyring);
    await showOnce({ ...options, sender: name, header, secret, waitSeconds: options.wait });
  });
}
