import { Command } from 'commander';
import { addConnectionOptions, addExamples } from './terminal/options.ts';

const personHelp = 'phone number, address, or hidden id (…@lid) of the person';

/** `fanout identity`: shows which phone number and which hidden id belong to one person. */
export function identityCommand(): Command {
  const identity = new Command('identity').description(
    'Show which phone number and hidden id are one person, or delete what is stored about a person',
  );
  for (const command of [show(), forget()]) {
    addExamples(command, examplesOf[command.name()]);
    identity.addCommand(addConnectionOptions(command).exitOverride(), {
      isDefault: command.name() === 'show',
    });
  }
  return identity;
}

const examplesOf: Readonly<Record<string, readonly string[]>> = {
  show: ['fanout identity +12025550142', 'fanout identity 206158430200142@lid --json'],
  forget: [
    'fanout identity forget +12025550142 --dry-run',
    'fanout identity forget +12025550142 --stack WhatsAppEventFanout-prod',
  ],
};

const show = () =>
  new Command('show')
    .argument('<person>', personHelp)
    .description('Show the phone number and hidden id of a person, since when, and who knows it')
    .option('--json', 'one JSON object for each account that knows it')
    .action(async (given, options, command) =>
      (await import('./run/identity.ts')).show(given, options, command),
    );

const forget = () =>
  new Command('forget')
    .argument('<person>', personHelp)
    .description('Delete the identities of a person, and the state about them')
    .option('--dry-run', 'only count what would be deleted')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'the outcome as one JSON object')
    .action(async (given, options, command) =>
      (await import('./run/identity.ts')).forget(given, options, command),
    );
