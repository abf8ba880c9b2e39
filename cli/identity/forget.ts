import type { Command } from 'commander';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { deleteStored, findStored, type StoredOfPerson } from '../../ops/identity/forget.ts';
import { printableJson } from '../../ops/printable.ts';
import { confirmByTyping } from '../terminal/confirm.ts';
import { withPerson } from './with-person.ts';

interface ForgetOptions extends ConnectionOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `fanout identity forget`: deletes the pairs of a person, and the state that is about them. */
export function forget(given: string, options: ForgetOptions, command: Command): Promise<void> {
  return withPerson(given, options, command, async ({ access, stackName, tables, person }) => {
    const stored = await findStored(access, tables, person);
    const { addresses } = person;
    const [name = ''] = addresses;
    const nothing = stored.items.length === 0 && stored.mentions.length === 0;
    if (!nothing && !options.dryRun) {
      if (!options.yes) {
        if (!process.stdin.isTTY) {
          command.error(
            'error: forget needs a terminal to confirm it. Add --yes to delete from a script, or --dry-run to count.',
          );
        }
        await confirmByTyping(
          name,
          `${inWords(stored)} of ${addresses.join(', ')} would be deleted in ${stackName}. There is no way back.`,
        );
      }
      await deleteStored(access, stored);
    }
    if (options.json) {
      const { counts, mentions } = stored;
      const outcome = { addresses, deleted: !nothing && !options.dryRun, counts };
      console.log(printableJson({ ...outcome, mentions: mentions.length }));
    } else if (nothing) {
      console.log(`Nothing is stored of ${addresses.join(', ')} in ${stackName}.`);
    } else {
      const done = options.dryRun ? 'would be deleted' : 'are deleted';
      console.log(`${inWords(stored)} of ${addresses.join(', ')} ${done} in ${stackName}.`);
      console.log(
        'Running functions may use the pair for up to five minutes. Archive, queues, logs and claim checks keep events until they expire.',
      );
    }
  });
}

function inWords({ counts, mentions }: StoredOfPerson): string {
  const parts = Object.entries(counts).map(([what, count]) =>
    what === 'pairs' ? `${count} items of identities` : `${count} items of the state of ${what}`,
  );
  const named = mentions.length > 0 ? [`${mentions.length} mentions in the state of others`] : [];
  return [...parts, ...named].join(', ');
}
