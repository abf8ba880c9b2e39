import type { ConsumerKind, ConsumerRow, RowOf } from '../../../lib/consumer-row.ts';

type InWords<K extends ConsumerKind> = (name: string, row: RowOf<K>, root: string) => string;

const inWords: { readonly [K in ConsumerKind]: InWords<K> } = {
  function: (name, { entry = `lambdas/consumers/${name}.ts` }, root) =>
    `queue and function [\`${name}\`](${root}${entry})`,
  queue: () => 'queue, for a service of your own',
  https: (_name, { method = 'POST', endpoint }) => `${method} to \`${new URL(endpoint).host}\``,
  bus: (_name, { busArn }) => `another bus, \`${busArn.split('/').at(-1)}\``,
  firehose: () => 'compressed NDJSON in a bucket',
  target: () => 'a target of its own',
};

/**
 * How a consumer gets its events, in a few words.
 *
 * @param root where the project's root is from the document, for links; ends with a slash
 */
export function deliveryInWords(name: string, row: ConsumerRow, root = ''): string {
  return (inWords[row.kind] as InWords<ConsumerKind>)(name, row, root);
}
