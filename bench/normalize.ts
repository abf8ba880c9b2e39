import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { measureNormalization } from './normalization/measure-normalization.ts';

/**
 * How long normalization takes: for each kind, from raw body to envelope, after warm-up; and what the
 * catalog and valibot add to a cold start. Medians; machines differ, so compare within one run.
 *
 *     npm run bench:normalize
 */
const rounds = 15;
const runs = 2_000;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds that a new process needs to import a module, as a minified bundle. */
async function importTimes(): Promise<Record<string, number>> {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
  const sources = {
    nothing: 'export {}',
    'all of valibot (a bundle has the part it uses)': "export * from 'valibot'",
    'catalog and normalization, valibot included': "export * from './events/normalize.ts'",
  };
  const times: Record<string, number[]> = {};
  for (const [name, contents] of Object.entries(sources)) {
    await build({
      stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
      outfile: join(directory, `${name}.mjs`),
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
    });
  }
  for (let round = 0; round < 21; round++) {
    for (const name of Object.keys(sources)) {
      const script = `const s=performance.now();await import(${JSON.stringify(join(directory, `${name}.mjs`))});console.log(performance.now()-s)`;
      const said = execFileSync(process.execPath, ['--input-type=module', '-e', script]);
      times[name] = [...(times[name] ?? []), Number(said)];
    }
  }
  rmSync(directory, { recursive: true });
  const floor = median(times.nothing ?? []);
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [
      name,
      median(all) - (name === 'nothing' ? 0 : floor),
    ]),
  );
}

console.log(`Node ${process.version}, ${rounds} rounds of ${runs}, medians of CPU time\n`);
console.log('| kind | body bytes | µs |\n|---|---:|---:|');
for (const [type, { bytes, us }] of Object.entries(await measureNormalization({ rounds, runs }))) {
  console.log(`| ${type} | ${bytes} | ${us.median.toFixed(1)} |`);
}
console.log('\n| import, over an empty module | ms |\n|---|---:|');
for (const [name, ms] of Object.entries(await importTimes())) {
  if (name !== 'nothing') console.log(`| ${name} | ${ms.toFixed(2)} |`);
}
