import type { Command } from 'commander';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import type { KnownIdentity } from '../../ops/identity/known-identities.ts';
import { printable } from '../../ops/printable.ts';
import { printRows, shortTime } from '../state/state-command.ts';
import { withPerson } from './with-person.ts';

/** `fanout identity`: what is known of a person, one row for each account that knows it. */
export function show(
  given: string,
  options: ConnectionOptions & { readonly json?: boolean },
  command: Command,
): Promise<void> {
  return withPerson(given, options, command, async ({ person, tables, stackName }) => {
    printRows(person.identities, columns, {
      json: options.json,
      empty: tables.identities
        ? `Nothing is known of ${printable(given)}. A webhook that names both the phone number and the hidden id makes it known.`
        : `The stack ${stackName} learns no identities: its setting "identities" is off.`,
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
