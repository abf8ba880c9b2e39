import { scalingTables } from './scaling-tables.ts';

/** The page with each `<!-- name:begin -->` to `<!-- name:end -->` made anew. */
export function renewTables(page: string): string {
  return Object.entries(scalingTables()).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/scaling.md has no ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
  }, page);
}
