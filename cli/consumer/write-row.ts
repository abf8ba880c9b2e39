import type { NewConsumer } from './new-consumer.ts';

/** The line length that this project's formatter keeps. */
const lineWidth = 100;

const importOfPattern = "import { pattern } from '../events/pattern.ts';\n";
const tableBegins = 'export const consumers: Readonly<Record<string, ConsumerRow>> = {\n';
const tableEnds = '\n};\n';

/** The row's source, as the formatter would leave it. */
export function rowSource({ name, row, types, categories }: NewConsumer): string {
  const { kind, summary, categories: _categories, pattern: _pattern, ...others } = row;
  const lines = [
    `kind: '${kind}',`,
    property('summary', quote(summary)),
    types.length > 0 ? patternLine(types) : `categories: ${list(categories, 4, 'categories: ,')},`,
    ...Object.entries(others).map(([setting, value]) => property(setting, quote(String(value)))),
  ];
  return [`  ${keyOf(name)}: {`, ...lines.map((line) => `    ${line}`), '  },\n'].join('\n');
}

/**
 * lib/consumers.ts with the row at the end of its table.
 *
 * @throws when there is no such table in it
 */
export function insertRow(source: string, consumer: NewConsumer): string {
  const begin = source.indexOf(tableBegins);
  const end = source.indexOf(tableEnds, begin);
  if (begin < 0 || end < 0) {
    throw new Error('lib/consumers.ts does not look as expected: write the row by hand.');
  }
  const at = end + 1;
  const written = source.slice(0, at) + rowSource(consumer) + source.slice(at);
  const needsImport = consumer.types.length > 0 && !source.includes(importOfPattern);
  return needsImport ? importOfPattern + written : written;
}

/** Whether a row of this name is in the table's source. */
export function hasRow(source: string, name: string): boolean {
  return source.includes(`\n  ${name}: {`) || source.includes(`\n  '${name}': {`);
}

/** A setting with its value, which goes into a line of its own where it is too long. */
function property(setting: string, value: string): string {
  const inOneLine = `${setting}: ${value},`;
  return inOneLine.length + 4 <= lineWidth ? inOneLine : `${setting}:\n      ${value},`;
}

/** Of several types only the first telling of a fact is heard; of one type there is no second. */
function patternLine(types: readonly string[]): string {
  const [only, ...more] = types;
  if (more.length === 0) {
    return `pattern: pattern({ type: ${quote(only ?? '')} }),`;
  }
  return [
    'pattern: pattern({',
    `      type: ${list(types, 6, 'type: ,')},`,
    "      where: { 'meta.duplicateOf': { exists: false } },",
    '    }),',
  ].join('\n');
}

function list(items: readonly string[], indent: number, around: string): string {
  const inOneLine = `[${items.map(quote).join(', ')}]`;
  if (indent + around.length + inOneLine.length <= lineWidth) {
    return inOneLine;
  }
  const space = ' '.repeat(indent);
  return `[\n${items.map((item) => `${space}  ${quote(item)},\n`).join('')}${space}]`;
}

const keyOf = (name: string) => (name.includes('-') ? quote(name) : name);

/** Text as source: in single quotes, with nothing in it that could end them. */
function quote(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1);
  if (text.includes("'") && !text.includes('"')) {
    return `"${inside}"`;
  }
  return `'${inside.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
