import type { Command } from 'commander';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import type { StoredKeyring } from '../../ops/stored-keyring.ts';
import { formatTable } from '../terminal/table.ts';
import { proofOf } from './secret-value.ts';
import { withKeyrings } from './with-keyrings.ts';

/** `fanout secret list`: senders and live secrets, without a value. */
export function list(
  options: ConnectionOptions & { readonly json?: boolean },
  command: Command,
): Promise<void> {
  return withKeyrings(options, command, async ({ keyrings, stackName }) => {
    const rows = keyrings.flatMap(rowsOf);
    if (options.json) {
      for (const row of rows) {
        console.log(JSON.stringify(row));
      }
    } else if (rows.length === 0) {
      console.log(`The stack ${stackName} has no senders. Add one: fanout secret create.`);
    } else {
      const header = ['sender', 'proof', 'header', 'sessions', 'secret', 'created', ''];
      console.log(formatTable(header, rows.map(toCells)));
    }
  });
}

function rowsOf({ scheme, keyring }: StoredKeyring) {
  return Object.entries(keyring.senders).flatMap(([sender, each]) =>
    each.secrets.map(({ id, createdAt }, index) => ({
      sender,
      proof: proofOf(scheme, each),
      header: each.header,
      sessions: each.sessions,
      id,
      createdAt,
      isOlder: index < each.secrets.length - 1,
    })),
  );
}

const toCells = (row: ReturnType<typeof rowsOf>[number]) => [
  row.sender,
  row.proof,
  row.header ?? '-',
  row.sessions?.join(', ') ?? 'all',
  row.id,
  row.createdAt ?? '-',
  row.isOlder ? 'retire when unused' : '',
];
