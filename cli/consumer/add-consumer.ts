import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { consumers } from '../../lib/consumers.ts';
import { handlerFiles, type ProjectFile } from './handler-files.ts';
import { type AddOptions, type NewConsumer, readNewConsumer } from './new-consumer.ts';

const table = 'lib/consumers.ts';

/**
 * Adds a consumer to the project in `root`. Validates everything before it writes, and never overwrites
 * a file.
 */
export function addConsumer(root: string, options: AddOptions): void {
  const consumer = readNewConsumer(options);
  const { name } = consumer;
  const source = readFileSync(join(root, table), 'utf8');
  if (Object.hasOwn(consumers, name) || hasRow(source, name)) {
    throw new InvalidArgumentError(`The consumer "${name}" already exists in ${table}.`);
  }
  const files = handlerFiles(consumer);
  const present = files.find(({ path }) => existsSync(join(root, path)));
  if (present) {
    throw new InvalidArgumentError(`The file ${present.path} already exists.`);
  }
  const changed = { path: table, text: insertRow(source, consumer) };
  if (options.dryRun) {
    console.log(preview(consumer, files));
    return;
  }
  for (const { path, text } of [...files, changed]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  console.log(nextSteps(consumer, files));
}

function preview(consumer: NewConsumer, files: readonly ProjectFile[]): string {
  const row = `${table}, in the table:\n\n${rowSource(consumer)}`;
  return [row, ...files.map(({ path, text }) => `${path}:\n\n${text}`)].join('\n');
}

function nextSteps({ name, row }: NewConsumer, files: readonly ProjectFile[]): string {
  const steps = [
    ...files.slice(0, 1).map(({ path }) => `write the handler in ${path}`),
    ...(row.kind === 'https'
      ? ['after the deployment, set the secret of the endpoint (docs/consumers.md)']
      : []),
    ...(row.kind === 'bus'
      ? ['if the bus is in another account, allow this account to put events on it']
      : []),
    'npm run docs && npm test',
    'npm start, or npx cdk deploy',
  ];
  return [
    `Wrote ${[table, ...files.map(({ path }) => path)].join(', ')}.`,
    `Next, for ${name}:`,
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ].join('\n');
}

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
 * The source of lib/consumers.ts with the row at the end of its table.
 *
 * @throws when the source has no such table
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

/** A setting with its value, which is on a line of its own if it is too long. */
function property(setting: string, value: string): string {
  const inOneLine = `${setting}: ${value},`;
  return inOneLine.length + 4 <= lineWidth ? inOneLine : `${setting}:\n      ${value},`;
}

/** With several types, the pattern excludes events that another type has already reported. */
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

/** Text as a string literal in single quotes, escaped. */
function quote(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1);
  if (text.includes("'") && !text.includes('"')) {
    return `"${inside}"`;
  }
  return `'${inside.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
