import { Command, InvalidArgumentError, Option } from 'commander';
import { proofs } from './secret/secret-value.ts';
import { addConnectionOptions } from './terminal/options.ts';

const senderHelp = 'name of the sender, as "fanout secret list" shows it';

const examples = `
Examples:
  $ fanout secret list
  $ fanout secret create branch --proof hmac-sha512 --session shop --session support
  $ fanout secret rotate waha --stack WhatsAppEventFanout-prod
  $ fanout secret retire waha --stack WhatsAppEventFanout-prod --yes`;

/** `fanout secret`: what senders prove themselves with, changed while everything runs. */
export function secretCommand(): Command {
  const secret = new Command('secret')
    .description('List, create, rotate and retire the secrets of senders, without a deployment')
    .addHelpText('after', examples);
  for (const command of [list(), create(), rotate(), retire()]) {
    secret.addCommand(addConnectionOptions(command).exitOverride());
  }
  return secret;
}

const list = () =>
  new Command('list')
    .description('The senders and their live secrets; no values')
    .option('--json', 'one JSON object for each secret')
    .action(async (options, command) => (await import('./secret/list.ts')).list(options, command));

const create = () =>
  shownOnce(new Command('create').argument('<sender>', 'name of the new sender'))
    .description('Add a sender with a secret of its own')
    .addOption(
      new Option('--proof <how>', 'how the sender proves itself')
        .choices(proofs)
        .default(proofs[0]),
    )
    .option('--session <name>', 'a session that it may speak for; again for more', collect)
    .option('--header <name>', 'the header that carries its signature or secret')
    .action(async (sender, options, command) =>
      (await import('./secret/create.ts')).create(sender, options, command),
    );

const rotate = () =>
  shownOnce(new Command('rotate').argument('<sender>', senderHelp))
    .description('Give a sender a second secret; both are taken until one is retired')
    .action(async (sender, options, command) =>
      (await import('./secret/rotate.ts')).rotate(sender, options, command),
    );

const retire = () =>
  new Command('retire')
    .argument('<sender>', senderHelp)
    .argument('[id]', 'which secret (default: the older of two)')
    .description('Stop taking a secret; with its last secret the sender goes')
    .option('--yes', 'without being asked for the name of the sender')
    .option('--json', 'the outcome as one JSON object')
    .action(async (sender, id, options, command) =>
      (await import('./secret/retire.ts')).retire(sender, id, options, command),
    );

const shownOnce = (command: Command) =>
  command
    .option('--from-stdin', 'take the secret from standard input instead of making one')
    .option('--wait <seconds>', 'until every instance takes it, before it is shown', parseWait, 6)
    .option('--json', 'the outcome, with the secret, as one JSON object');

const collect = (value: string, before: readonly string[] = []) => [...before, value];

function parseWait(given: string): number {
  const seconds = Number(given);
  if (given.trim() !== '' && seconds >= 0 && seconds <= 600) {
    return seconds;
  }
  throw new InvalidArgumentError('Give seconds from 0 to 600.');
}
