import { mkdtempDisposableSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { type Aws, startAws } from './aws.ts';
import { type FunctionProcess, type Sample, startCold, startFunction } from './process/function.ts';
import { interleave, median } from './statistics.ts';
import { type Bundles, bundleAll, bundleOf, type SubjectName, subjectNames } from './subjects.ts';
import { eventFactory } from './webhook.ts';

/** Where and with what it is measured; `load`: programs that wanted a core in the minute before. */
export function describeMachine(effort: 'full' | 'quick') {
  const versionOf = (name: string): string => {
    const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    return `${name} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
  };
  const libraries = ['@aws-sdk/client-eventbridge', '@middy/core', '@aws-lambda-powertools/logger'];
  return {
    effort,
    date: new Date().toISOString().slice(0, 10),
    system: `${availableParallelism()} cores of ${cpus()[0]?.model}, ${type()} ${process.arch}`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    versions: [`Node ${process.version}`, ...libraries.map(versionOf)],
  };
}

/** docs/benchmarks.json. */
export type Results = Measured & {
  readonly machine: ReturnType<typeof describeMachine>;
  /** The full pipeline on one machine, by `npm run bench:local`. */
  readonly local?: Readonly<{ date: string; rate: number; values: Record<string, number> }>;
};

/** What one run measures. */
export type Measured = Awaited<ReturnType<typeof measure>>;

/**
 * How much is measured: about four minutes, less than one, and what CI can afford. In a round, each subject
 * handles a `batch` of webhooks of so many `kilobytes` (of 1,024 bytes). Its `processes` take turns, because
 * where a heap lies and what V8 has optimized differs; each handles at most `maxWarmUp` batches before.
 */
const efforts = {
  full: { kilobytes: [2, 20], processes: 6, maxWarmUp: 20, rounds: 42, batch: 100, coldRounds: 31 },
  quick: { kilobytes: [2, 20], processes: 1, maxWarmUp: 6, rounds: 5, batch: 30, coldRounds: 3 },
  gate: { kilobytes: [2], processes: 2, maxWarmUp: 12, rounds: 11, batch: 100, coldRounds: 7 },
};

/** Bundles, and measures warm and cold, in a temporary directory; prints its progress on stderr. */
export async function measure(effort: keyof typeof efforts) {
  const log = (part: string) => console.error(`${process.uptime().toFixed(0)} s: ${part}`);
  using directory = mkdtempDisposableSync(join(tmpdir(), 'fanout-bench-'));
  const aws = await startAws();
  try {
    log('bundles');
    const bundles = await bundleAll(directory.path);
    const sizes = Object.entries(bundles).map(([name, { bytes }]) => [name, bytes] as const);
    log('warm ingest');
    const warm = await measureWarm(bundles, aws, efforts[effort]);
    log('cold ingest');
    const cold = await measureCold(bundles, aws.endpoint, efforts[effort].coldRounds);
    return { bundles: Object.fromEntries(sizes), warm, cold };
  } finally {
    await aws.stop();
  }
}

/** What starts cold. */
export const coldNames = [
  'empty',
  'ours',
  'ours without deduplication',
  'floor',
  'usual stack',
  'powertools',
  'quick start',
] as const;

/** Starts each subject in new processes, in turns; each must accept one webhook of 2 KB. */
async function measureCold(bundles: Bundles, endpoint: string, rounds: number) {
  const nextEvent = eventFactory(2_048);
  const measureOne = async (name: (typeof coldNames)[number]): Promise<Sample> => {
    const bundle = bundleOf(name, bundles);
    const { refused, ...sample } = await startCold(bundle, endpoint, nextEvent());
    if (refused) {
      throw new Error(`${name} answered ${JSON.stringify(refused)}`);
    }
    return sample;
  };
  // The first round reads the files from the disk; later ones, as on a warm host, from memory.
  await interleave(coldNames, 1, measureOne);
  return interleave(coldNames, rounds, measureOne);
}

/** Requests that a function makes again every five minutes, whichever webhook comes then. */
const repeated: ReadonlySet<string> = new Set(['GetSecretValue', 'BatchGetItem', 'BatchWriteItem']);

/** What one webhook took in each round. */
export type WarmSamples = Readonly<Record<SubjectName, readonly Sample[]>>;

/**
 * Measures what each subject takes for a webhook when it is warm, and the `requests` to AWS that it makes for
 * one. Every batch is checked; the floor has to make the requests that ingest makes.
 *
 * @throws when a subject refuses a webhook, publishes something else, or makes other requests
 */
async function measureWarm(
  bundles: Bundles,
  aws: Aws,
  { processes, maxWarmUp, rounds, batch, kilobytes }: (typeof efforts)['full'],
) {
  const running = new Map<SubjectName, readonly FunctionProcess[]>();
  const requests = {} as Record<SubjectName, readonly string[]>;
  const measurer = (kb: number) => {
    const next = eventFactory(kb * 1_024);
    return async (name: SubjectName, unit: number, webhooks = batch): Promise<Sample> => {
      const process = running.get(name)?.[unit % processes] as FunctionProcess;
      const { refused, ...sample } = await process.handle(Array.from({ length: webhooks }, next));
      const made = aws.takeRequests();
      requests[name] ??= made;
      const ofOne = requests[name.replace('floor', 'ours') as SubjectName];
      const expected = Array.from({ length: webhooks }, () => ofOne).flat();
      const counted = made.filter((each) => !repeated.has(each) || ofOne.includes(each));
      const isSame = counted.toSorted().join() === expected.toSorted().join();
      if (refused || !isSame || !made.includes('PutEvents message')) {
        const wrong = refused ? JSON.stringify(refused) : `other requests: ${made.slice(0, 9)}`;
        throw new Error(`${name} does not do the work of ${webhooks} webhooks: ${wrong}`);
      }
      return sample;
    };
  };
  try {
    const [nextFirst, measureSmall] = [eventFactory(2_048), measurer(2)];
    for (const name of subjectNames) {
      const bundle = bundleOf(name, bundles);
      const started = Array.from({ length: processes }, () => startFunction(bundle, aws.endpoint));
      running.set(name, started);
      // A process reads the secret once: from its second webhook on, each makes the same requests.
      await Promise.all(started.map((each) => each.handle([nextFirst()])));
      aws.takeRequests();
      await measureSmall(name, 0, 1);
      for (let unit = 0; unit < processes; unit += 1) {
        const cpuMs: number[] = [];
        while (cpuMs.length < maxWarmUp && !isSteady(cpuMs)) {
          cpuMs.push((await measureSmall(name, unit)).cpuMs);
        }
      }
    }
    const sizes = [];
    for (const kb of kilobytes) {
      const measureOne = measurer(kb);
      await interleave(subjectNames, processes, measureOne);
      sizes.push({ kb, samples: await interleave(subjectNames, rounds, measureOne) });
    }
    return { requests, sizes };
  } finally {
    for (const each of [...running.values()].flat()) {
      each.stop();
    }
  }
}

/** Says whether the last three batches took no less, by a twentieth, than the three before them. */
const isSteady = (cpuMs: readonly number[]) =>
  cpuMs.length >= 6 && median(cpuMs.slice(-3)) > 0.95 * median(cpuMs.slice(-6, -3));
