import { styleText } from 'node:util';
import { formatTable } from '../table.ts';
import type { Cost } from './cost-of.ts';
import { type CostRow, rowsOf, stateOf, volumeInWords } from './summarize-costs.ts';

/** What is said above the tables. */
export interface CostHeading {
  readonly source: string;
  readonly mix: string;
  /** Of the prices. */
  readonly date: string;
}

/** Less than this at every volume is not shown by itself. */
const leastDollars = 0.005;

/** Costs as tables for a terminal. */
export function formatCosts(costs: readonly Cost[], { source, mix, date }: CostHeading): string {
  const rows = rowsOf(costs);
  const isShown = ({ dollarsAMillion }: CostRow) =>
    dollarsAMillion.some((dollars) => dollars >= leastDollars);
  const rest = sumOf(
    rows.filter((row) => !isShown(row)),
    costs.length,
  );
  const volumes = costs.map(({ webhooks }) => volumeInWords(webhooks));
  const cells = (values: readonly number[]) =>
    values.map((dollars) => dollars.toFixed(2).padStart(8));
  return [
    `${source}\n${mix}\nUS dollars for each million webhooks received, list prices of ${date}:\n`,
    formatTable(
      ['component', 'for', ...volumes],
      [
        ...rows
          .filter(isShown)
          .map(({ component, consumer, dollarsAMillion }) => [
            component,
            consumer,
            ...cells(dollarsAMillion),
          ]),
        ['everything else', '', ...cells(rest)],
        ['total', '', ...cells(costs.map(({ dollarsAMillion }) => dollarsAMillion))],
        ['  of it state', '', ...cells(costs.map(stateOf))],
        [
          '  of it fixed',
          '',
          ...cells(
            costs.map(({ fixedDollarsAMonth, webhooks }) => (fixedDollarsAMonth / webhooks) * 1e6),
          ),
        ],
      ],
    ),
    '',
    formatTable(
      ['consumer', ...volumes],
      byConsumer(rows, costs.length).map(([name, values]) => [name, ...cells(values)]),
    ),
    '',
    styleText(
      'dim',
      `A month: ${costs.map(({ dollarsAMonth, webhooks }) => `$${dollarsAMonth.toFixed(2)} for ${volumeInWords(webhooks)}`).join(', ')}.`,
    ),
  ].join('\n');
}

function byConsumer(
  rows: readonly CostRow[],
  columns: number,
): readonly (readonly [string, readonly number[]])[] {
  const names = [...new Set(rows.map(({ consumer }) => consumer).filter((name) => name !== ''))];
  return names.map((name) => [
    name,
    sumOf(
      rows.filter(({ consumer }) => consumer === name),
      columns,
    ),
  ]);
}

const sumOf = (rows: readonly CostRow[], columns: number): readonly number[] =>
  Array.from({ length: columns }, (_, column) =>
    rows.reduce((sum, { dollarsAMillion }) => sum + (dollarsAMillion[column] ?? 0), 0),
  );
