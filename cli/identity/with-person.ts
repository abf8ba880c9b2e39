import type { Command } from 'commander';
import type { AwsAccess, ConnectionOptions } from '../../ops/aws/connect.ts';
import { findOnlyStack, listResources } from '../../ops/aws/find-pipeline.ts';
import type { PersonTables } from '../../ops/identity/forget.ts';
import { findPerson, type KnownPerson, readPerson } from '../../ops/identity/known-identities.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

/** What a command on a person works with. */
export interface OpenedPerson {
  readonly access: AwsAccess;
  readonly stackName: string;
  readonly tables: PersonTables;
  readonly person: KnownPerson;
}

/** Connects, finds the tables of the stack and what is known of a person, and does the work. */
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
