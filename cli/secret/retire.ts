import type { Command } from 'commander';
import { retireSecret } from '../../events/keyring/change-keyring.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { keyringWith, store } from '../../ops/stored-keyring.ts';
import { confirmByTyping } from '../terminal/confirm.ts';
import { withKeyrings } from './with-keyrings.ts';

interface RetireOptions extends ConnectionOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `fanout secret retire`: webhooks with this secret are refused from now on. */
export function retire(
  name: string,
  id: string | undefined,
  options: RetireOptions,
  command: Command,
): Promise<void> {
  return withKeyrings(options, command, async ({ access, keyrings, stackName }) => {
    const stored = keyringWith(keyrings, name);
    const { keyring, retired, isLast } = retireSecret(stored.keyring, name, id);
    if (!options.yes) {
      if (!process.stdin.isTTY) {
        command.error(
          'error: retire needs a terminal to confirm it. Add --yes to retire from a script.',
        );
      }
      const loss = isLast
        ? ` It is the last one of ${name}: all of its webhooks are refused then.`
        : '';
      await confirmByTyping(
        name,
        `What ${name} proves with the secret ${retired.id} is refused from now on in ${stackName}.${loss}`,
      );
    }
    await store(access, stored, keyring);
    if (options.json) {
      console.log(JSON.stringify({ sender: name, id: retired.id, senderIsGone: isLast }));
    } else {
      const gone = isLast ? `, and ${name} with it` : '';
      console.log(
        `${retired.id} is retired${gone}. Instances that run forget it within five minutes.`,
      );
    }
  });
}
