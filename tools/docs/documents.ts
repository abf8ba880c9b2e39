import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncApiDocument } from './asyncapi-document.ts';
import { cliPage, readRecordings } from './cli-page.ts';
import { consumersPage } from './consumers-page.ts';
import { costsPage } from './costs-page.ts';
import { documentedKinds } from './documented-kind.ts';
import { detailSchema } from './documented-schema.ts';
import { eventsPages } from './events-page.ts';
import { licencesPage } from './licences-page.ts';
import { formatJson } from './markdown.ts';
import { pictures } from './pictures.ts';
import { pythonTypes } from './python-types.ts';
import { settingsPage, settingsSchema } from './settings-page.ts';
import { stackPages } from './stack-pages.ts';

/** What the project is installed with, wherever its documents are written to. */
const lockFile = new URL('../../package-lock.json', import.meta.url);

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
    ...pictures(),
    ...stackPages(),
    ['docs/licences.md', licencesPage(JSON.parse(readFileSync(lockFile, 'utf8')))],
    ['docs/cli.md', cliPage(readRecordings(root))],
    ['docs/asyncapi.json', toJson(asyncApiDocument())],
    ['examples/python/whatsapp_events.py', pythonTypes()],
    ['stages/settings.schema.json', toJson(settingsSchema())],
    ...documentedKinds().map((kind): [string, string] => [
      `${schemaFolder}/${kind.type}.json`,
      toJson(detailSchema(kind)),
    ]),
  ]);
}

/** A derived document that is not as it should be. Without `fresh` text it should not be there. */
interface StaleDocument {
  readonly path: string;
  readonly fresh?: string;
}

/** The derived documents in `root` that are missing, changed, or left over from a kind that is gone. */
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
