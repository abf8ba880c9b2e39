import type { ComponentChildren } from 'preact';

/** A column: its title and content. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => ComponentChildren];

interface StateTableProps<Row> {
  readonly name: string;
  /** Undefined while they are loading. */
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  readonly empty: string;
}

/** Rows of the state. */
export function StateTable<Row>({ name, rows, columns, empty }: StateTableProps<Row>) {
  if (!rows) {
    return <p>Looking …</p>;
  }
  if (rows.length === 0) {
    return <p class="quiet">{empty}</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" tabIndex={0} aria-label={name}>
      <table>
        <thead>
          <tr>
            {columns.map(([title]) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(([title, cell]) => (
                <td key={title}>{cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A time of the state, to the second. */
export const time = (at: unknown): string =>
  typeof at === 'string' ? at.replace('T', ' ').replace(/\.\d+Z$/, 'Z') : '';
