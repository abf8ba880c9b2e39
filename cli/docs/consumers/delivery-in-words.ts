import type { ConsumerKind, ConsumerRow, RowOf } from '../../../lib/consumer-row.ts';

type InWords<Row extends ConsumerRow> = (name: string, row: Row) => string;

const inWords: { readonly [K in ConsumerKind]: InWords<RowOf<K>> } = {
  function: (name, { entry = `lambdas/consumers/${name}.ts` }) =>
    `queue and function [\`${name}\`](${entry})`,
  queue: () => 'queue, for a service of your own',
  https: (_name, { method = 'POST', endpoint }) => `${method} to \`${new URL(endpoint).host}\``,
  bus: (_name, { busArn }) => `another bus, \`${busArn.split('/').at(-1)}\``,
  firehose: () => 'compressed NDJSON in a bucket',
  target: () => 'a target of its own',
};

/** How a consumer gets its events, in a few words with links from the project's root. */
export function deliveryInWords(name: string, row: ConsumerRow): string {
  return (inWords[row.kind] as InWords<ConsumerRow>)(name, row);
}
