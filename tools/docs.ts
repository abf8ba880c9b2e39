import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeRecordings } from './docs/cli-page.ts';
import { findStale, renewDocument } from './docs/documents.ts';
import { recordRuns } from './docs/record-runs.ts';

/*
 * `npm run docs`: generates the derived documents. With `--check` it changes nothing and fails when a
 * document is stale; with `--record` it first plays the commands of docs/cli.md on a local run.
 */

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
