import type { BundledCode } from '../functions/bundle-functions.ts';
import { type FunctionProcess, startFunction, type Work } from '../process/start-function.ts';
import type { Stub } from '../process/start-stub.ts';
import { interleave } from '../statistics/interleaved.ts';
import type { Summary } from '../statistics/summary.ts';
import { signingSecret } from '../webhooks/signing-secret.ts';
import { idPlaceholder, webhookOfSize } from '../webhooks/webhook-of-size.ts';
import { webhookRequest } from '../webhooks/webhook-request.ts';
import { type IngestName, type IngestSubject, ingestSubjects } from './subjects.ts';

/** How much is measured. */
export interface WarmEffort {
  readonly rounds: number;
  /** The same at 2 KB, by which goals are set. */
  readonly roundsAt2Kb: number;
  /** Multiplies the runs of each round. */
  readonly scale: number;
  /** Webhooks of 2 KB before the first round: V8 optimizes what it meets until some 2,500 have come. */
  readonly warmUp: number;
  /**
   * Processes of each function, which take turns: how V8 has optimized one, and where its heap lies, makes
   * a tenth or so.
   */
  readonly processes: number;
  /** @default - all of them */
  readonly sizes?: readonly SizeLabel[];
}

/** Body sizes in bytes, and how many webhooks of each make a round: few of the large ones. */
const sizes = [
  { label: '0.5 KB', bytes: 512, runs: 150 },
  { label: '2 KB', bytes: 2_048, runs: 150 },
  { label: '20 KB', bytes: 20_480, runs: 60 },
  { label: '200 KB', bytes: 204_800, runs: 12 },
] as const;

/** How a size is called in tables. */
export type SizeLabel = (typeof sizes)[number]['label'];

/** CPU microseconds for one webhook, by its size and by who took it in. */
export interface WarmResult {
  readonly sizes: readonly {
    readonly label: SizeLabel;
    readonly bytes: number;
    readonly cpuUs: Readonly<Partial<Record<IngestName, Summary>>>;
  }[];
}

/** Measures the CPU time that each ingest function spends on a webhook when it is warm. */
export async function measureWarmIngest(
  code: Readonly<Partial<Record<IngestSubject['code'], BundledCode>>>,
  stub: Stub,
  effort: WarmEffort,
  names: readonly IngestName[] = Object.keys(ingestSubjects()) as IngestName[],
): Promise<WarmResult> {
  const processes = await startAll(code, stub, names, effort.processes);
  const measure = (name: IngestName, turn: number, work: Work, runs: number) => {
    const own = processes.get(name) as readonly FunctionProcess[];
    return (own[turn % own.length] as FunctionProcess).measure(work, runs);
  };
  const warmUp = async (bytes: number, runs: number) => {
    for (const name of names) {
      for (let turn = 0; turn < effort.processes; turn += 1) {
        await measure(name, turn, webhookWork(bytes), runs);
      }
    }
  };
  try {
    await warmUp(2_048, effort.warmUp);
    const results = [];
    for (const { label, bytes, runs } of sizes) {
      if (effort.sizes?.includes(label) === false) continue;
      const rounds = bytes === 2_048 ? effort.roundsAt2Kb : effort.rounds;
      await warmUp(bytes, Math.ceil(runs / 3));
      const cpuUs = await interleave(names, rounds, (name, round) =>
        measure(name, round, webhookWork(bytes), Math.ceil(runs * effort.scale)),
      );
      results.push({ label, bytes: Buffer.byteLength(webhookOfSize(bytes)), cpuUs });
    }
    await checkCounts(stub);
    return { sizes: results };
  } finally {
    for (const each of [...processes.values()].flat()) each.stop();
  }
}

async function startAll(
  code: Readonly<Partial<Record<IngestSubject['code'], BundledCode>>>,
  { endpoint }: Stub,
  names: readonly IngestName[],
  count: number,
): Promise<Map<IngestName, readonly FunctionProcess[]>> {
  const subjects = ingestSubjects();
  const processes = new Map<IngestName, readonly FunctionProcess[]>();
  for (const name of names) {
    const { environment, code: part } = subjects[name];
    const { directory } = code[part] as BundledCode;
    const start = () => startFunction({ directory, endpoint, environment });
    processes.set(name, await Promise.all(Array.from({ length: count }, start)));
  }
  return processes;
}

/** One webhook after the other, of this size; or with this body. */
export function webhookWork(bytes: number, body = webhookOfSize(bytes)): Work {
  const request = JSON.stringify(webhookRequest('', '', '01kdwr7v000000000000000000'));
  return { kind: 'webhook', template: { body, request, idPlaceholder, signingSecret } };
}

/** What was published must be what was sent, or somebody was fast by not doing the work. */
async function checkCounts(stub: Stub): Promise<void> {
  const counts = await stub.takeCounts();
  const known = ['event message', 'event message.ack'];
  const strange = Object.keys(counts).filter(
    (what) => what.startsWith('event ') && !known.includes(what),
  );
  if (strange.length > 0) throw new Error(`Published as something else: ${strange.join(', ')}`);
}
