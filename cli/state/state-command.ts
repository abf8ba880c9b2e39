import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import type { SessionChoice } from '../../ops/state/page.ts';
import { openState, type StateReader } from '../../ops/state/state-reader.ts';
import { formatTable } from '../terminal/table.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

/** What every command on the state takes. */
export interface StateOptions extends ConnectionOptions, SessionChoice {
  readonly json?: boolean;
}

/** Connects, finds the state table of the stack, and does the work. */
export const withState = (
  options: ConnectionOptions,
  work: (reader: StateReader) => Promise<void>,
): Promise<void> => withAccess(options, async (access) => work(await openState(access)));

/** One column of a table: its title, and what stands in it. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number | undefined;
  /** Characters at most. @default 40 */
  readonly width?: number;
}

/** Prints rows as a table, or each as one line of JSON. Control characters in untrusted text are removed. */
export function printRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { json, empty }: { readonly json?: boolean; readonly empty: string },
): void {
  if (json) {
    for (const row of rows) {
      console.log(printableJson(row));
    }
  } else if (rows.length === 0) {
    console.log(empty);
  } else {
    const cells = rows.map((row) =>
      columns.map(({ cell, width = 40 }) => {
        const value = cell(row);
        return typeof value === 'number' ? value : printable(value ?? '', width);
      }),
    );
    // A column in which nothing stands says nothing; one that is the same for all, little.
    const isShown = columns.map(
      ({ title }, column) =>
        cells.some((row) => row[column] !== '') &&
        (title !== 'session' || new Set(cells.map((row) => row[column])).size > 1 || column === 0),
    );
    const only = <Cell>(row: readonly Cell[]) => row.filter((_, column) => isShown[column]);
    console.log(formatTable(only(columns.map(({ title }) => title)), cells.map(only)));
  }
}

/** Says how to see the next page. Not on stdout, which may go into another program. */
export function printNext(next: string | undefined): void {
  if (next !== undefined) {
    console.error(`\nThere are more: --before '${printable(next, 1_000)}'`);
  }
}

/** A time as a table shows it: to the second. */
export const shortTime = (time: unknown): string =>
  typeof time === 'string' ? time.replace('T', ' ').replace(/\.\d+Z$/, 'Z') : '';

/** The same without the day, where that is the day of another time beside it. */
export function timeBeside(time: unknown, other: unknown): string {
  const text = shortTime(time);
  return text.slice(0, 10) === shortTime(other).slice(0, 10) ? text.slice(11) : text;
}
