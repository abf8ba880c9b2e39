import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { libraryOf } from '../bundles/library-of.ts';
import type { BundledCode } from '../functions/bundle-functions.ts';
import { functionEnvironment } from '../process/function-environment.ts';
import { nextAnswer } from '../process/next-answer.ts';
import { type Summary, summarize } from '../statistics/summary.ts';

/** Milliseconds of a bundle's initialization, by what takes them. */
export type InitResult = Readonly<Record<string, Summary>>;

interface Told {
  readonly builtinsMs: number;
  readonly compileMs: number;
  readonly sources: readonly (readonly [source: string, ms: number])[];
}

/** What is no library of the bundle. */
const builtinsLabel = "Node's own modules";
const compileLabel = 'reading and compiling the bundle';

/**
 * Measures which part of a bundle's initialization each library takes: the same bundle, not minified,
 * with a clock read before each source.
 */
export async function measureInitTimes(
  { directory, metafile }: BundledCode,
  environment: Readonly<Record<string, string>>,
  rounds: number,
): Promise<InitResult> {
  const bundle = join(directory, 'marked.mjs');
  const text = readFileSync(join(directory, 'index.mjs'), 'utf8');
  const sources = new Set(Object.keys(metafile.inputs));
  writeFileSync(
    bundle,
    text.replace(/^\/\/ (\S+)$/gm, (comment, source) =>
      sources.has(source) ? `globalThis.markInit(${JSON.stringify(source)});` : comment,
    ),
  );
  const values = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1) {
    const told = await startOnce(
      bundle,
      builtinsOf(metafile),
      functionEnvironment(directory, 'http://127.0.0.1:9', environment),
    );
    if (round === 0) continue;
    for (const [label, ms] of sumsOf(told)) values.set(label, [...(values.get(label) ?? []), ms]);
  }
  return Object.fromEntries([...values].map(([label, all]) => [label, summarize(all)]));
}

function sumsOf({ builtinsMs, compileMs, sources }: Told): Map<string, number> {
  const sums = new Map([
    [builtinsLabel, builtinsMs],
    [compileLabel, compileMs],
  ]);
  for (const [source, ms] of sources) {
    const library = libraryOf(source);
    sums.set(library, (sums.get(library) ?? 0) + ms);
  }
  return sums;
}

function builtinsOf({ outputs }: BundledCode['metafile']): string {
  const imported = Object.values(outputs).flatMap(({ imports }) => imports);
  const names = imported.filter(({ external, kind }) => external && kind === 'import-statement');
  return [...new Set(names.map(({ path }) => path))].filter((path) => isBuiltin(path)).join(',');
}

async function startOnce(
  bundle: string,
  builtins: string,
  env: Record<string, string>,
): Promise<Told> {
  const script = fileURLToPath(new URL('../process/init-times.mjs', import.meta.url));
  const child = fork(script, [pathToFileURL(bundle).href, builtins], {
    env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const told = await nextAnswer(child);
  await ended;
  return told as unknown as Told;
}
