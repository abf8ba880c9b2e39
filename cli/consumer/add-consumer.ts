import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consumers } from '../../lib/consumers.ts';
import { handlerFiles, type ProjectFile } from './handler-files.ts';
import { type AddOptions, type NewConsumer, readNewConsumer } from './new-consumer.ts';
import { hasRow, insertRow, rowSource } from './write-row.ts';

const table = 'lib/consumers.ts';

/**
 * Adds a consumer to the project in `root`. Everything is checked before anything is written, and no
 * file that is there is written over.
 */
export function addConsumer(root: string, options: AddOptions): void {
  const consumer = readNewConsumer(options);
  const { name } = consumer;
  const source = readFileSync(join(root, table), 'utf8');
  if (Object.hasOwn(consumers, name) || hasRow(source, name)) {
    throw new Error(`There is a consumer "${name}" already, in ${table}.`);
  }
  const files = handlerFiles(consumer);
  const present = files.find(({ path }) => existsSync(join(root, path)));
  if (present) {
    throw new Error(`There is a file ${present.path} already.`);
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
    ...files.slice(0, 1).map(({ path }) => `do its work in ${path}`),
    ...(row.kind === 'https'
      ? ['once deployed, give the endpoint its secret (docs/consumers.md)']
      : []),
    ...(row.kind === 'bus' ? ['let this account put events on that bus, if it is another’s'] : []),
    'npm run docs && npm test',
    'npm start, or npx cdk deploy',
  ];
  return [
    `Wrote ${[table, ...files.map(({ path }) => path)].join(', ')}.`,
    `Next, for ${name}:`,
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ].join('\n');
}
