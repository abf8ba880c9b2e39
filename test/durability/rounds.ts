import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startLocalRun } from '@event-fanout/local-aws';
import { assembleProject } from '../end-to-end/assembly.ts';
import { secretEnvironment } from '../end-to-end/secrets.ts';
import { sendUntil } from './send-until.ts';
import { drain, findEvents } from './whereabouts.ts';
import { witnessAssembly } from './witnessed-assembly.ts';

/** What is done how often. */
export interface RoundsOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Is told of each round. */
  readonly print?: (line: string) => void;
}

/** What came of it. */
export interface RoundsResult {
  /** Answered 2xx. */
  readonly sent: number;
  /** Handled by a function, at least once. */
  readonly handled: number;
  /** In queues, by name. */
  readonly queued: Readonly<Record<string, number>>;
  readonly lost: readonly string[];
  readonly causeless: readonly string[];
  readonly drained: boolean;
}

/** A round's load lasts at most this long after its first answer, in milliseconds. */
const maxLoadMs = 500;
/** The queues' visibility timeout of three minutes passes in three seconds at the end. */
const drainScale = 60;
/** Ends what hangs; a slow machine takes its time. */
const drainMs = 600_000;
const child = fileURLToPath(new URL('./run-child.ts', import.meta.url));

/**
 * Rounds of load and `kill -9` on the same data, and at the end a run that is left in peace: then
 * what was answered 2xx must have been handled, or lie in a queue.
 */
export async function runRounds({
  rounds,
  seed,
  print = () => {},
}: RoundsOptions): Promise<RoundsResult> {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-durability-'));
  const paths = {
    assembly: join(directory, 'assembly'),
    data: join(directory, 'data'),
    witness: join(directory, 'handled'),
  };
  mkdirSync(paths.data);
  witnessAssembly(await assembleProject(), paths.assembly, paths.witness);
  const accepted = new Set<string>();
  const random = randomFrom(seed);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await runAndKill(paths, accepted, random);
      print(`round ${round} of ${rounds}: ${accepted.size} accepted so far`);
    }
    return await check(paths, accepted);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Paths = { readonly assembly: string; readonly data: string; readonly witness: string };

async function runAndKill(
  paths: Paths,
  accepted: Set<string>,
  random: () => number,
): Promise<void> {
  const flags = ['--disable-warning=ExperimentalWarning'];
  const running = spawn(process.execPath, [...flags, child, paths.assembly, paths.data], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(running, 'exit');
  // One in ten is killed while it starts, at any moment of its recovery.
  const killedEarly = random() < 0.1;
  if (killedEarly) {
    await setTimeout(random() * 1_000);
  } else {
    const lines = createInterface({ input: running.stdout });
    const [ingress] = (await Promise.race([
      once(lines, 'line'),
      ended.then(() => Promise.reject(new Error('The run ended before it was ready.'))),
    ])) as string[];
    let isOver = false;
    const sending = sendUntil(ingress ?? '', accepted, () => isOver);
    // The first answer has to wait for the function to start; from then on any moment will do.
    const before = accepted.size;
    while (accepted.size === before && running.exitCode === null) {
      await setTimeout(5);
    }
    await setTimeout(random() * maxLoadMs);
    running.kill('SIGKILL');
    isOver = true;
    await sending;
  }
  running.kill('SIGKILL');
  await ended;
}

async function check(paths: Paths, accepted: ReadonlySet<string>): Promise<RoundsResult> {
  const run = await startLocalRun({
    assembly: paths.assembly,
    dataDirectory: paths.data,
    ingressPort: 0,
    awsPort: 0,
    environment: secretEnvironment,
    timeScale: drainScale,
  });
  try {
    const drained = await drain(run, drainMs);
    const { places, causeless } = await findEvents(run, paths.witness);
    const queued: Record<string, number> = {};
    let handled = 0;
    for (const id of accepted) {
      const own = new Set(places.get(id));
      if (own.has('handled')) {
        handled += 1;
      }
      for (const place of own) {
        if (place !== 'handled') {
          queued[place] = (queued[place] ?? 0) + 1;
        }
      }
    }
    const lost = [...accepted].filter((id) => !places.has(id));
    return { sent: accepted.size, handled, queued, lost, causeless, drained };
  } finally {
    await run.close();
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
