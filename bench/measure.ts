import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Aws, startAws } from './process/aws.ts';
import { type FunctionProcess, type Sample, startCold, startFunction } from './process/function.ts';
import { interleave, median } from './statistics.ts';
import {
  type Bundle,
  type Bundles,
  bundleAll,
  bundleOf,
  type SubjectName,
  subjectNames,
} from './subjects.ts';
import { eventFactory } from './webhook.ts';

/** The results of one run. */
export interface Measured {
  /** Bytes of each function, by its name: the stack's and the rivals. */
  readonly bundles: Readonly<Record<string, number>>;
  readonly warm: WarmResult;
  readonly cold: ColdResult;
}

/** Where and with what it was measured; `load`: programs that wanted a core in the minute before. */
export interface Machine {
  readonly effort: 'full' | 'quick';
  readonly date: string;
  readonly system: string;
  readonly load: number;
  readonly versions: readonly string[];
}

/** docs/benchmarks.json. */
export type Results = Measured & { readonly machine: Machine; readonly local?: LocalResults };

/** The full pipeline on one machine, by `npm run bench:local`. */
export interface LocalResults {
  readonly date: string;
  readonly rate: number;
  readonly values: Readonly<Record<string, number>>;
}

/** How much is measured: about six minutes, less than one, and what CI can afford. */
const efforts = {
  full: { kilobytes: [2, 20], processes: 3, maxWarmUp: 20, rounds: 21, batch: 100, coldRounds: 21 },
  quick: { kilobytes: [2, 20], processes: 1, maxWarmUp: 6, rounds: 5, batch: 30, coldRounds: 3 },
  gate: { kilobytes: [2], processes: 2, maxWarmUp: 12, rounds: 11, batch: 100, coldRounds: 7 },
} as const satisfies Record<string, WarmEffort & { coldRounds: number }>;

/** Bundles, and measures warm and cold, in a temporary directory; prints its progress on stderr. */
export async function measure(effort: keyof typeof efforts): Promise<Measured> {
  const log = (part: string) => console.error(`${process.uptime().toFixed(0)} s: ${part}`);
  const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
  const aws = await startAws();
  try {
    log('bundles');
    const bundles = await bundleAll(directory);
    const sizes = Object.entries(bundles).map(([name, { bytes }]) => [name, bytes]);
    log('warm ingest');
    const warm = await measureWarm(bundles, aws, efforts[effort]);
    log('cold ingest');
    const cold = await measureCold(bundles, aws.endpoint, efforts[effort].coldRounds);
    return { bundles: Object.fromEntries(sizes), warm, cold };
  } finally {
    aws.stop();
    rmSync(directory, { recursive: true, force: true });
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

/** From the start of a process to the first answer, by round. */
export type ColdResult = Readonly<Record<(typeof coldNames)[number], readonly Sample[]>>;

/** Starts each subject in new processes, in turns; each must accept one webhook of 2 KB. */
async function measureCold(bundles: Bundles, endpoint: string, rounds: number) {
  const nextEvent = eventFactory(2_048);
  const measure = async (name: (typeof coldNames)[number]): Promise<Sample> => {
    const bundle = name === 'empty' ? bundles.empty : bundleOf(name, bundles);
    const { refused, ...sample } = await startCold(bundle as Bundle, endpoint, nextEvent());
    if (refused) {
      throw new Error(`${name} answered ${JSON.stringify(refused)}`);
    }
    return sample;
  };
  // The first round reads the files from the disk; later ones, as on a warm host, from memory.
  await interleave(coldNames, 1, measure);
  return interleave(coldNames, rounds, measure);
}

/** How much is measured. */
interface WarmEffort {
  /** Processes of each subject, which take turns: where a heap lies and what V8 has optimized differs. */
  readonly processes: number;
  /** Batches of each process before the first round, at most; fewer when they do not get faster. */
  readonly maxWarmUp: number;
  readonly rounds: number;
  /** Webhooks in a round; and sizes of their bodies, in KB of 1,024 bytes. */
  readonly batch: number;
  readonly kilobytes: readonly number[];
}

/** What was measured of warm functions. */
interface WarmResult {
  /** The requests to AWS that each subject makes for one webhook. */
  readonly requests: Readonly<Record<SubjectName, readonly string[]>>;
  readonly sizes: readonly { readonly kb: number; readonly samples: WarmSamples }[];
}

/** What one webhook took in each round. */
export type WarmSamples = Readonly<Record<SubjectName, readonly Sample[]>>;

/** Requests that a function makes again every five minutes, whichever webhook comes then. */
const repeated: ReadonlySet<string> = new Set(['GetSecretValue', 'BatchGetItem', 'BatchWriteItem']);

/** Whose requests the floor has to make. */
const floorOf: Readonly<Partial<Record<SubjectName, SubjectName>>> = {
  floor: 'ours',
  'floor without deduplication': 'ours without deduplication',
};

/**
 * Measures what each subject takes for a webhook when it is warm. Every batch is checked; the floor
 * has to make the requests that ingest makes.
 *
 * @throws when a subject refuses a webhook, publishes something else, or makes other requests
 */
async function measureWarm(
  bundles: Bundles,
  aws: Aws,
  { processes, maxWarmUp, rounds, batch, kilobytes }: WarmEffort,
): Promise<WarmResult> {
  const running = new Map<SubjectName, readonly FunctionProcess[]>();
  const requests: Partial<Record<SubjectName, readonly string[]>> = {};
  const nextFirst = eventFactory(2_048);
  const measurer = (kb: number, webhooks = batch) => {
    const next = eventFactory(kb * 1_024);
    return async (name: SubjectName, unit: number): Promise<Sample> => {
      const process = running.get(name)?.[unit % processes] as FunctionProcess;
      const events = Array.from({ length: webhooks }, next);
      const { refused, ...sample } = await process.handle(events);
      const made = await aws.takeRequests();
      requests[name] ??= made;
      const expected = events.flatMap(() => requests[floorOf[name] ?? name] ?? []);
      const counted = made.filter((each) => !repeated.has(each) || expected.includes(each));
      if (refused || !isSame(counted, expected) || !made.includes('PutEvents message')) {
        const wrong = refused ? JSON.stringify(refused) : `other requests: ${made.slice(0, 9)}`;
        throw new Error(`${name} does not do the work of ${webhooks} webhooks: ${wrong}`);
      }
      return sample;
    };
  };
  try {
    for (const name of subjectNames) {
      const bundle = bundleOf(name, bundles);
      const starts = Array.from({ length: processes }, () => startFunction(bundle, aws.endpoint));
      running.set(name, await Promise.all(starts));
      // A process reads the secret once: from its second webhook on, each makes the same requests.
      await Promise.all(running.get(name)?.map((each) => each.handle([nextFirst()])) ?? []);
      await aws.takeRequests();
      await measurer(2, 1)(name, 0);
      for (let unit = 0; unit < processes; unit += 1) {
        await warmUp(maxWarmUp, () => measurer(2)(name, unit));
      }
    }
    const results = [];
    for (const kb of kilobytes) {
      const measure = measurer(kb);
      await interleave(subjectNames, processes, measure);
      results.push({ kb, samples: await interleave(subjectNames, rounds, measure) });
    }
    return { requests: requests as WarmResult['requests'], sizes: results };
  } finally {
    for (const each of [...running.values()].flat()) {
      each.stop();
    }
  }
}

/** Stops when three batches take no less, by a twentieth, than the three before them. */
async function warmUp(maxBatches: number, measure: () => Promise<Sample>): Promise<void> {
  const cpuMs: number[] = [];
  while (cpuMs.length < maxBatches) {
    cpuMs.push((await measure()).cpuMs);
    if (cpuMs.length >= 6 && median(cpuMs.slice(-3)) > 0.95 * median(cpuMs.slice(-6, -3))) {
      return;
    }
  }
}

const isSame = (made: readonly string[], expected: readonly string[]) =>
  made.toSorted().join() === expected.toSorted().join();
