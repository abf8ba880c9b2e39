import type { Bundle, Bundles } from './bundles.ts';
import type { Aws } from './process/aws.ts';
import { type FunctionProcess, type Sample, startFunction } from './process/function.ts';
import { interleave, median } from './statistics.ts';
import { type Subject, type SubjectName, subjectNames, subjects } from './subjects.ts';
import { eventFactory } from './webhook.ts';

/** How much is measured. */
export interface WarmEffort {
  /**
   * Number of processes of each subject, which take turns: memory layout and V8's optimizations differ
   * between processes.
   */
  readonly processes: number;
  /**
   * Maximum number of batches of each process before the first round; fewer when they do not get faster.
   */
  readonly maxWarmUp: number;
  readonly rounds: number;
  /** Webhooks in a round; and sizes of their bodies, in KB of 1,024 bytes. */
  readonly batch: number;
  readonly kilobytes: readonly number[];
}

/** The results of warm functions. */
export interface WarmResult {
  /** The requests to AWS that each subject makes for one webhook. */
  readonly requests: Readonly<Record<SubjectName, readonly string[]>>;
  readonly sizes: readonly { readonly kb: number; readonly samples: WarmSamples }[];
}

/** The times of one webhook in each round. */
export type WarmSamples = Readonly<Record<SubjectName, readonly Sample[]>>;

/** Requests that a function repeats every five minutes, for any webhook. */
const repeated: ReadonlySet<string> = new Set(['GetSecretValue', 'BatchGetItem', 'BatchWriteItem']);

/** The subject whose requests each floor repeats. */
const floorOf: Readonly<Partial<Record<SubjectName, SubjectName>>> = {
  floor: 'ours',
  'floor without deduplication': 'ours without deduplication',
};

/**
 * Measures the time that each warm subject needs for a webhook. The floor repeats the requests that ingest
 * has made, and every batch is checked.
 *
 * @throws when a subject refuses a webhook, publishes something else, or makes other requests
 */
export async function measureWarm(
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
      const bundle = prepare(name, bundles, requests[floorOf[name] ?? name]);
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

/** Stops when three batches are less than a twentieth faster than the three before them. */
async function warmUp(maxBatches: number, measure: () => Promise<Sample>): Promise<void> {
  const cpuMs: number[] = [];
  while (cpuMs.length < maxBatches) {
    cpuMs.push((await measure()).cpuMs);
    if (cpuMs.length >= 6 && median(cpuMs.slice(-3)) > 0.95 * median(cpuMs.slice(-6, -3))) {
      return;
    }
  }
}

/** The subject's bundle and environment, the floor's with the operations that it is to call. */
export function prepare(
  name: SubjectName,
  bundles: Bundles,
  requests: readonly string[] = [],
): Bundle {
  const { bundle, environment }: Subject = subjects[name];
  const found = bundle(bundles);
  if (!found) {
    throw new Error(`The function of ${name} is not in the template`);
  }
  const floorRequests = requests.map((request) => request.split(' ')[0]).join(',');
  return {
    ...found,
    environment: { ...found.environment, ...environment, FLOOR_REQUESTS: floorRequests },
  };
}

const isSame = (made: readonly string[], expected: readonly string[]) =>
  made.toSorted().join() === expected.toSorted().join();
