import { styleText } from 'node:util';
import { printable, printableJson } from '../../ops/printable.ts';

/** Minimum width of a column. */
const minWidth = 8;

/** Spaces between columns. */
const gap = 2;

/**
 * The width of the terminal. A pipe or a file has no limit, unless the environment variable COLUMNS sets one:
 * its reader may want the full text.
 */
export function terminalWidth(
  { isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout,
): number {
  const width = isTTY ? columns : Number(process.env.COLUMNS);
  return width >= 40 ? width : Number.POSITIVE_INFINITY;
}

/**
 * Rows as text with aligned columns; the header is bold on a terminal. Numbers align to the right. Where the
 * table is wider than `width`, the widest texts are cut, with an ellipsis.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width: number = terminalWidth(),
): string {
  const texts = rows.map((row) => row.map(String));
  const isNumeric = header.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const widths = fitTo(
    header.map((title, column) =>
      Math.max(title.length, ...texts.map((row) => row[column]?.length ?? 0)),
    ),
    isNumeric,
    width,
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const space = widths[column] ?? 0;
        return isNumeric[column] ? cell.padStart(space) : cut(cell, space).padEnd(space);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [styleText('bold', line(header)), ...texts.map(line)].join('\n');
}

/** Narrows the widest columns of text until the table fits. */
function fitTo(
  natural: readonly number[],
  isNumeric: readonly boolean[],
  width: number,
): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, gap * (widths.length - 1)) - width;
  while (excess > 0) {
    const widest = Math.max(...widths.filter((_, column) => !isNumeric[column]));
    const column = widths.findLastIndex((each, at) => each === widest && !isNumeric[at]);
    if (column < 0 || widest <= minWidth) {
      break;
    }
    widths[column] = widest - 1;
    excess -= 1;
  }
  return widths;
}

/** A text of at most `width` characters; a longer one ends with an ellipsis. */
export const cut = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** Breaks a text into lines at spaces; all lines but the first begin with `indent` spaces. */
export function wrap(text: string, indent = 0, width: number = terminalWidth()): string {
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(`${' '.repeat(indent)}${word}`);
    } else {
      lines[lines.length - 1] = `${line} ${word}`;
    }
  }
  return lines.join('\n');
}

/** One column of a table: its title and its cells. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number | undefined;
  /** Maximum number of characters. @default 40 */
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
    // Hides empty columns, and the session if it is the same in all rows.
    const isShown = columns.map(
      ({ title }, column) =>
        cells.some((row) => row[column] !== '') &&
        (title !== 'session' || new Set(cells.map((row) => row[column])).size > 1 || column === 0),
    );
    const only = <Cell>(row: readonly Cell[]) => row.filter((_, column) => isShown[column]);
    console.log(formatTable(only(columns.map(({ title }) => title)), cells.map(only)));
  }
}

/** A time as a table shows it: to the second. */
export const shortTime = (time: unknown): string =>
  typeof time === 'string' ? time.replace('T', ' ').replace(/\.\d+Z$/, 'Z') : '';

/** The same without the date, if another time beside it has the same date. */
export function timeBeside(time: unknown, other: unknown): string {
  const text = shortTime(time);
  return text.slice(0, 10) === shortTime(other).slice(0, 10) ? text.slice(11) : text;
}
