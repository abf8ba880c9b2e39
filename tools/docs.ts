/**
 * `npm run docs`: generates the derived documents. With `--check` it changes nothing and fails when a
 * document is stale; with `--record` it first plays the commands of docs/cli.md on a local run.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asyncApiDocument } from './docs/asyncapi-document.ts';
import { benchmarksPage } from './docs/benchmarks-page.ts';
import { cliPage, readRecordings, writeRecordings } from './docs/cli-page.ts';
import { consumersPage } from './docs/consumers-page.ts';
import { costsPage } from './docs/costs-page.ts';
import { documentedEventTypes } from './docs/documented-event-type.ts';
import { detailSchema } from './docs/documented-schema.ts';
import { eventsPages } from './docs/events-page.ts';
import { licencesPage } from './docs/licences-page.ts';
import { formatJson } from './docs/markdown.ts';
import { pictures } from './docs/pictures.ts';
import { pythonTypes } from './docs/python-types.ts';
import { recordRuns } from './docs/record-runs.ts';
import { settingsPage, settingsSchema } from './docs/settings-page.ts';
import { stackPages } from './docs/stack-pages.ts';

/** What the project is installed with, wherever its documents are written to. */
const lockFile = new URL('../package-lock.json', import.meta.url);

/** What was measured, wherever documents are written to. */
const benchmarksFile = new URL('../docs/benchmarks.json', import.meta.url);

const schemaFolder = 'docs/schemas';

/** These contain generated files only; any other file is stale. */
const generatedFolders = [schemaFolder, 'docs/events'];

/** All derived documents of the project in `root`, by path. Only recordings are read from there. */
export function makeDocuments(root: string): ReadonlyMap<string, string> {
  return new Map<string, string>([
    ...eventsPages(),
    ['docs/settings.md', settingsPage()],
    ['docs/consumers.md', consumersPage()],
    ['docs/costs.md', costsPage()],
    ['docs/benchmarks.md', benchmarksPage(JSON.parse(readFileSync(benchmarksFile, 'utf8')))],
    ...pictures(),
    ...stackPages(),
    ['docs/licences.md', licencesPage(JSON.parse(readFileSync(lockFile, 'utf8')))],
    ['docs/cli.md', cliPage(readRecordings(root))],
    ['docs/asyncapi.json', toJson(asyncApiDocument())],
    ['examples/python/whatsapp_events.py', pythonTypes()],
    ['stages/settings.schema.json', toJson(settingsSchema())],
    ...documentedEventTypes().map((eventType): [string, string] => [
      `${schemaFolder}/${eventType.type}.json`,
      toJson(detailSchema(eventType)),
    ]),
  ]);
}

/** A derived document that is not as it should be. Without `fresh` text it should not be there. */
interface StaleDocument {
  readonly path: string;
  readonly fresh?: string;
}

/** The derived documents in `root` that are missing, changed, or left over from an event type that is gone. */
export function findStale(root: string): readonly StaleDocument[] {
  const documents = makeDocuments(root);
  const stale = [...documents]
    .filter(([path, fresh]) => readIfThere(join(root, path)) !== fresh)
    .map(([path, fresh]) => ({ path, fresh }));
  return [
    ...stale,
    ...generatedFolders
      .flatMap((folder) => filesIn(root, folder))
      .filter((path) => !documents.has(path))
      .map((path) => ({ path })),
  ];
}

/** Writes a derived document, or removes it. */
export function renewDocument(root: string, { path, fresh }: StaleDocument): void {
  const file = join(root, path);
  if (fresh === undefined) {
    rmSync(file);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fresh);
  }
}

function filesIn(root: string, folder: string): readonly string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : [];
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const toJson = (value: unknown) => `${formatJson(value)}\n`;

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { check, record } = parseArgs({
    options: { check: { type: 'boolean' }, record: { type: 'boolean' } },
  }).values;

  if (record) {
    writeRecordings(root, await recordRuns((line) => console.error(line)));
  }
  const stale = findStale(root);
  const paths = stale.map(({ path }) => path);
  if (check && stale.length > 0) {
    console.error(`Stale: ${paths.join(', ')}. Run: npm run docs`);
    process.exitCode = 1;
  } else {
    for (const document of stale) {
      renewDocument(root, document);
    }
    if (paths.length > 0) {
      console.log(paths.join('\n'));
    }
  }
}
