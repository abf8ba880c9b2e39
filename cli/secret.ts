import { Command, InvalidArgumentError, Option } from 'commander';
import { addConnectionOptions, addExamples } from './terminal/options.ts';
import { proofs } from './terminal/secret-value.ts';

const senderHelp = 'name of the sender, as "fanout secret list" shows it';

/** Example calls, by command. */
const examplesOf: Readonly<Record<string, readonly string[]>> = {
  list: ['fanout secret list', 'fanout secret list --stack WhatsAppEventFanout-prod --json'],
  create: [
    'fanout secret create branch --session shop --session support',
    'fanout secret create partner --proof secret --header x-partner-key',
  ],
  rotate: [
    'fanout secret rotate waha --stack WhatsAppEventFanout-prod',
    'openssl rand -hex 32 | fanout secret rotate waha --from-stdin',
  ],
  retire: [
    'fanout secret retire waha --stack WhatsAppEventFanout-prod',
    'fanout secret retire waha first --yes',
  ],
};

/** `fanout secret`: manages the senders' secrets without a deployment. */
export function secretCommand(): Command {
  const secret = new Command('secret')
    .summary('Rotate the secrets of senders')
    .description('List, create, rotate and retire the secrets of senders, without a deployment');
  for (const command of [list(), create(), rotate(), retire()]) {
    addExamples(command, examplesOf[command.name()]);
    secret.addCommand(addConnectionOptions(command).exitOverride());
  }
  return secret;
}

const list = () =>
  new Command('list')
    .description('List the senders and their active secrets, without values')
    .option('--json', 'one JSON object for each secret')
    .action(async (options, command) => (await import('./run/secret.ts')).list(options, command));

const create = () =>
  shownOnce(new Command('create').argument('<sender>', 'name of the new sender'))
    .description('Add a sender with its own secret')
    .addOption(
      new Option('--proof <how>', 'authentication scheme of the sender')
        .choices(proofs)
        .default(proofs[0]),
    )
    .option('--session <name>', 'a session whose events it may send; may be repeated', collect)
    .option('--header <name>', 'the header that carries its signature or secret')
    .action(async (sender, options, command) =>
      (await import('./run/secret.ts')).create(sender, options, command),
    );

const rotate = () =>
  shownOnce(new Command('rotate').argument('<sender>', senderHelp))
    .description('Give a sender a second secret; both are accepted until one is retired')
    .action(async (sender, options, command) =>
      (await import('./run/secret.ts')).rotate(sender, options, command),
    );

const retire = () =>
  new Command('retire')
    .argument('<sender>', senderHelp)
    .argument('[id]', 'which secret (default: the older of two)')
    .description('Stop accepting a secret; retiring the last secret removes the sender')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'the outcome as one JSON object')
    .action(async (sender, id, options, command) =>
      (await import('./run/secret.ts')).retire(sender, id, options, command),
    );

const shownOnce = (command: Command) =>
  command
    .option('--from-stdin', 'read the secret from standard input instead of generating one')
    .option(
      '--wait <seconds>',
      'time for every instance to accept it, before it is shown',
      parseWait,
      6,
    )
    .option('--json', 'the outcome, with the secret, as one JSON object');

const collect = (value: string, before: readonly string[] = []) => [...before, value];

function parseWait(given: string): number {
  const seconds = Number(given);
  if (given.trim() !== '' && seconds >= 0 && seconds <= 600) {
    return seconds;
  }
  throw new InvalidArgumentError('Give seconds from 0 to 600.');
}
