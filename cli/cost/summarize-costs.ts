import type { Cost } from './cost-of.ts';

/** One row of a table of costs: dollars for each million webhooks, one number for each volume. */
export interface CostRow {
  readonly component: string;
  readonly consumer: string;
  readonly dollarsAMillion: readonly number[];
}

/** The lines of several volumes side by side, in the order in which an event meets them. */
export function rowsOf(costs: readonly Cost[]): readonly CostRow[] {
  const rows = new Map<string, CostRow & { readonly dollarsAMillion: number[] }>();
  for (const [index, { lines, webhooks }] of costs.entries()) {
    for (const { component, consumer = '', dollarsAMonth } of lines) {
      const key = JSON.stringify([component, consumer]);
      const row = rows.get(key) ?? { component, consumer, dollarsAMillion: costs.map(() => 0) };
      rows.set(key, row);
      row.dollarsAMillion[index] =
        (row.dollarsAMillion[index] ?? 0) + (dollarsAMonth / webhooks) * 1e6;
    }
  }
  return [...rows.values()];
}

/** What keeping state costs, for each million webhooks: a service of its own beside the delivery. */
export const stateOf = ({ lines, webhooks }: Cost): number =>
  (lines
    .filter(({ component }) => component.startsWith('state '))
    .reduce((sum, { dollarsAMonth }) => sum + dollarsAMonth, 0) /
    webhooks) *
  1e6;

/** Volume of webhooks in words: 10 million. */
export const volumeInWords = (webhooks: number): string =>
  webhooks >= 1e6
    ? `${Number((webhooks / 1e6).toPrecision(3))} million`
    : webhooks.toLocaleString('en-US');
