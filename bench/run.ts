/**
 * `npm run bench`: everything that is said about speed and size, measured in one run and written to
 * docs/benchmarks.md and docs/benchmarks.json.
 *
 * Options: `--quick` (less of everything, under a minute), `--only warm,cold` (print these subjects and
 * write nothing).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from './functions/bundle-functions.ts';
import { ownFunctions } from './functions/own-functions.ts';
import { rivalFunctions } from './functions/rival-functions.ts';
import { measureWarmIngest } from './ingest/warm.ts';
import { startStub } from './process/start-stub.ts';
import { warmSection } from './report/warm-section.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
const code = bundleFunctions({ ...rivalFunctions, ...ownFunctions }, join(directory, 'code'));
const stub = await startStub();
const effort = values.quick
  ? { rounds: 5, scale: 0.4, warmUp: 400 }
  : { rounds: 9, scale: 1, warmUp: 1_500 };
console.log(warmSection(await measureWarmIngest(code, stub, effort)));
stub.stop();
rmSync(directory, { recursive: true });
