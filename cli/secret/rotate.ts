import type { Command } from 'commander';
import { addSecret } from '../../events/keyring/change-keyring.ts';
import type { SenderSecrets } from '../../events/keyring/keyring.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { keyringWith, store } from '../../ops/stored-keyring.ts';
import { type NewSecretOptions, newSecret, proofOf, showOnce } from './secret-value.ts';
import { withKeyrings } from './with-keyrings.ts';

interface RotateOptions extends ConnectionOptions, NewSecretOptions {
  readonly wait: number;
  readonly json?: boolean;
}

/** `fanout secret rotate`: the old secret is taken as before, beside the new one. */
export function rotate(name: string, options: RotateOptions, command: Command): Promise<void> {
  return withKeyrings(options, command, async ({ access, keyrings }) => {
    const stored = keyringWith(keyrings, name);
    const secret = await newSecret(options, command);
    await store(access, stored, addSecret(stored.keyring, name, secret));
    const sender = stored.keyring.senders[name] as SenderSecrets;
    const { json, wait: waitSeconds } = options;
    const proof = proofOf(stored.scheme, sender);
    await showOnce({ sender: name, proof, header: sender.header, secret, waitSeconds, json });
    if (json) {
      return;
    }
    console.log(
      `When the sender uses it (the metric OlderSecretUsed is silent): fanout secret retire ${name}`,
    );
  });
}
