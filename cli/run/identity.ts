import type { Command } from 'commander';
import type { AwsAccess, ConnectionOptions } from '../../ops/aws/connect.ts';
import { findOnlyStack, listResources } from '../../ops/aws/find-pipeline.ts';
import {
  deleteStored,
  findPerson,
  findStored,
  type KnownIdentity,
  type KnownPerson,
  type PersonTables,
  readPerson,
  type StoredOfPerson,
} from '../../ops/identity.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { confirmByTyping } from '../terminal/confirm.ts';
import { printRows, shortTime } from '../terminal/table.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

/** `fanout identity`: shows what is known of a person, one row for each account that knows it. */
export function show(
  given: string,
  options: ConnectionOptions & { readonly json?: boolean },
  command: Command,
): Promise<void> {
  return withPerson(given, options, command, async ({ person, tables, stackName }) => {
    printRows(person.identities, columns, {
      json: options.json,
      empty: tables.identities
        ? `Nothing is known of ${printable(given)}. A webhook that names both the phone number and the hidden id adds them.`
        : `The stack ${stackName} stores no identities: its setting "identities" is off.`,
    });
  });
}

const columns = [
  { title: 'phone', cell: ({ phone }: KnownIdentity) => phone },
  { title: 'hidden id', cell: ({ lid }: KnownIdentity) => lid },
  { title: 'session', cell: ({ session }: KnownIdentity) => session },
  { title: 'account', cell: ({ account }: KnownIdentity) => account },
  { title: 'since', cell: ({ since }: KnownIdentity) => shortTime(since) },
  { title: 'last seen', cell: ({ lastSeen }: KnownIdentity) => shortTime(lastSeen) },
];

interface ForgetOptions extends ConnectionOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `fanout identity forget`: deletes a person's identities, and the state about them. */
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
          `${inWords(stored)} of ${addresses.join(', ')} would be deleted in ${stackName}. This cannot be undone.`,
        );
      }
      await deleteStored(access, stored);
    }
    if (options.json) {
      const { counts, mentions } = stored;
      const outcome = { addresses, deleted: !nothing && !options.dryRun, counts };
      console.log(printableJson({ ...outcome, mentions: mentions.length }));
    } else if (nothing) {
      console.log(`Nothing is stored about ${addresses.join(', ')} in ${stackName}.`);
    } else {
      const done = options.dryRun ? 'would be deleted' : 'are deleted';
      console.log(`${inWords(stored)} of ${addresses.join(', ')} ${done} in ${stackName}.`);
      console.log(
        'Running functions may cache the pair for up to five minutes. Archive, queues, logs and claim checks keep events until they expire.',
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

/** What a command about a person needs. */
export interface OpenedPerson {
  readonly access: AwsAccess;
  readonly stackName: string;
  readonly tables: PersonTables;
  readonly person: KnownPerson;
}

/** Connects, finds the tables of the stack and what is known of a person, and calls `work`. */
export function withPerson(
  given: string,
  options: ConnectionOptions,
  command: Command,
  work: (opened: OpenedPerson) => Promise<void>,
): Promise<void> {
  const address = readPerson(given);
  if (address === undefined) {
    command.error(
      `error: "${given}" is neither a phone number, such as +12025550142, nor a hidden id, such as 206158430200142@lid.`,
    );
  }
  return withAccess(options, async (access) => {
    const stackName = access.stack ?? (await findOnlyStack(access));
    const names = (await listResources(access, stackName)).flatMap((resource) =>
      resource.ResourceType === 'AWS::DynamoDB::Table' ? (resource.PhysicalResourceId ?? []) : [],
    );
    const tables = {
      identities: names.find((name) => name.endsWith('-identities')),
      state: names.find((name) => name.endsWith('-state')),
    };
    const person = tables.identities
      ? await findPerson(access, tables.identities, address)
      : { addresses: [address], identities: [], items: [] };
    await work({ access, stackName, tables, person });
  });
}
