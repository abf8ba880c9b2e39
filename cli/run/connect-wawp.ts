import type { Command } from 'commander';
import { KeyringChangeError } from '../../events/keyring/change-keyring.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { requireWebhookUrl } from '../../ops/aws/find-pipeline.ts';
import { newestSecret } from '../../ops/stored-keyring.ts';
import { withKeyrings } from '../secret/with-keyrings.ts';

interface ConnectWawpOptions extends ConnectionOptions {
  readonly webhookUrl?: string;
  readonly sender?: string;
  readonly json?: boolean;
}

/** `fanout connect wawp`: prints the URL that Wawp is given. Its API cannot be told a key to sign with. */
export function connectWawp(options: ConnectWawpOptions, command: Command): Promise<void> {
  return withKeyrings(options, command, async ({ access, keyrings, stackName }) => {
    const { sender, settings, secret } = newestSecret(
      { keyrings, stackName },
      'secret',
      options.sender,
    );
    if (settings.header !== undefined) {
      throw new KeyringChangeError(
        `The sender "${sender}" sends its secret in the header ${settings.header}, not in the URL.`,
      );
    }
    const url = new URL(options.webhookUrl ?? (await requireWebhookUrl(access, stackName)));
    url.searchParams.set('secret', secret.value);
    console.log(
      options.json
        ? JSON.stringify({ sender, id: secret.id, url: url.href })
        : `The webhook URL for Wawp, with the secret ${secret.id} of ${sender}:\n\n  ${url.href}\n\nPaste it into the webhooks of the instance in Wawp (docs/start/wawp.md).`,
    );
  });
}
