import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { consumers } from '../../lib/consumers.ts';
import { handlerFiles, type ProjectFile } from './handler-files.ts';
import { type AddOptions, type NewConsumer, readNewConsumer } from './new-consumer.ts';
import { hasRow, insertRow, rowSource } from './write-row.ts';

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
    throw new Error(`The consumer "${name}" already exists in ${table}.`);
  }
  const files = handlerFiles(consumer);
  const present = files.find(({ path }) => existsSync(join(root, path)));
  if (present) {
    throw new Error(`The file ${present.path} already exists.`);
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
