/**
 * `npm run bench:local`: signed webhooks of 2 KB through HTTP, the ingest function, the bus with its
 * archive, three queues and their functions, with everything kept on disk. Who sends is a process of
 * its own, and so is each function.
 *
 * `--rate 500` webhooks a second, each sent when it is due (0: as fast as answers come);
 * `--count 200000` of them, or `--seconds 60`; `--quick` is `--count 10000`.
 * `--stack plain` (consumers that only note when they begin) or `default` (all that `npm start` runs).
 * `--hear own` (each event goes to one of the three queues) or `all` (to each of them); plain only.
 * `--consumers 3`: how many there are; more than three are queues that hear none of it. A bus has 300
 * rules: 298 consumers, the catch-all rule and the archive's.
 * `--directory`: works in this directory and keeps the build there, for the next time.
 * `--connections 64`, `--memory` (keep nothing on disk), `--json` (one object with the numbers).
 * `--growth-mb 64`: fails when the run's memory grows by more from the second tenth to the last.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { synthesize } from '@event-fanout/local-aws/assembly';
import { CpuLedger } from './local/cpu-ledger.ts';
import { LineTail } from './local/line-tail.ts';
import type { Load, Told } from './local/load-child.ts';
import { percentile } from './local/percentile.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string', default: '500' },
    stack: { type: 'string', default: 'plain' },
    hear: { type: 'string', default: 'own' },
    consumers: { type: 'string', default: '3' },
    directory: { type: 'string' },
    connections: { type: 'string', default: '64' },
    'growth-mb': { type: 'string', default: '64' },
    quick: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rate = Number(values.rate);
const parts = 10;
const count = howMany();
const copies = values.stack === 'plain' && values.hear === 'all' ? 3 : 1;
const bodyBytes = 2_048;
/** The first webhooks start the functions and warm them up; they are not part of the measurement. */
const warmUp = 5_000;
const say = values.json ? () => {} : console.log;

const directory = values.directory ?? mkdtempSync(join(tmpdir(), 'fanout-bench-'));
const startedFile = join(directory, 'started');
const built = performance.now();
if (!existsSync(join(directory, 'assembly'))) await build(join(directory, 'assembly'));
say(`${availableParallelism()} cores; build (synthesis and bundles) ${seconds(built)}`);

const started = performance.now();
const run = forkHere('run-child.ts', [
  join(directory, 'assembly'),
  values.memory ? '' : join(directory, 'data'),
  values.stack === 'plain' ? '' : startedFile,
]);
const [{ frontDoor, readyMs }] = await once(run, 'message');
say(
  `ready ${(readyMs / 1000).toFixed(2)} s after its modules were loaded, ${seconds(started)} after the start of the process`,
);
const sender = forkHere('load-child.ts', [
  new URL(frontDoor).port,
  values.connections,
  String(bodyBytes),
]);
const starts = new LineTail(startedFile);
const cpu = new CpuLedger(run.pid ?? 0, sender.pid ?? 0);

await send({ count: Math.min(warmUp, count), rate: Math.min(rate || 200, 200) });

say(
  'part     webhooks/s  p50 ms  p99 ms p99.9 ms | CPU ms a webhook: run ingest consumers sender | MB: run functions (processes)',
);
const before = look();
const from = performance.now();
const latencies: number[] = [];
const memory: number[] = [];
const refused: number[] = [];
let accepted = 0;
for (let part = 1; part <= parts; part += 1) {
  const usedBefore = cpu.totals();
  const sent = await send({ count: Math.floor(count / parts), rate });
  const { memoryMb, functions } = look();
  memory.push(memoryMb.run);
  accepted += sent.accepted;
  refused.push(...sent.refused);
  for (const ms of sent.latencies) latencies.push(ms);
  const used = perWebhook(usedBefore, cpu.totals(), sent.accepted);
  say(
    [
      `${part}/${parts}`.padEnd(8),
      sent.perSecond.toFixed(0).padStart(10),
      ...[0.5, 0.99, 0.999].map((p) => percentile(sent.latencies, p).toFixed(0).padStart(7)),
      `  | ${Object.values(used)
        .map((ms) => ms.toFixed(2).padStart(6))
        .join(' ')}`,
      ` | ${memoryMb.run.toFixed(0).padStart(5)}`,
      (memoryMb.ingest + memoryMb.consumers).toFixed(0).padStart(5),
      `(${functions})`,
    ].join(' '),
  );
}
const totalSeconds = (performance.now() - from) / 1000;
const cpuMs = perWebhook(before.totals, cpu.totals(), accepted);
const growthMb = (memory.at(-1) ?? 0) - (memory[1] ?? 0);
const numbers = {
  webhooksPerSecond: accepted / totalSeconds,
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
  p999: percentile(latencies, 0.999),
  cpuMs: { ...cpuMs, all: Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0) },
  memoryMb: memory,
  growthMb,
  accepted,
  started: latencies.length,
  refused: Object.fromEntries(Object.entries(Object.groupBy(refused, String)).map(countOf)),
};
if (values.json) console.log(JSON.stringify(numbers));
say(
  `all      ${numbers.webhooksPerSecond.toFixed(0)} webhooks/s, from request to consumer p50 ${numbers.p50.toFixed(0)} ms, p99 ${numbers.p99.toFixed(0)} ms, p99.9 ${numbers.p999.toFixed(0)} ms`,
);
// Says more than times where other programs want the same cores.
say(
  `processor time a webhook: ${numbers.cpuMs.all.toFixed(2)} ms (run ${cpuMs.run.toFixed(2)}, ingest ${cpuMs.ingest.toFixed(2)}, consumers ${cpuMs.consumers.toFixed(2)}, sender ${cpuMs.sender.toFixed(2)})`,
);
say(
  `accepted ${accepted}, started ${numbers.started}, not accepted ${JSON.stringify(numbers.refused)}; memory of the run grew by ${growthMb.toFixed(0)} MB`,
);
sender.disconnect();
run.send('stop');
await once(run, 'exit');
for (const part of values.directory ? ['data', 'started'] : ['']) {
  rmSync(join(directory, part), { recursive: true, force: true });
}
const isFlat = growthMb <= Number(values['growth-mb']);
if (!isFlat) console.error(`More than the ${values['growth-mb']} MB of --growth-mb.`);
process.exitCode = accepted === count && latencies.length === count * copies && isFlat ? 0 : 1;

function howMany(): number {
  if (values.quick) return 10_000;
  if (values.seconds === undefined) return Number(values.count ?? 200_000);
  if (rate === 0) throw new Error('--seconds needs a --rate; with --rate 0 say --count.');
  return Math.floor((Number(values.seconds) * rate) / parts) * parts;
}

function build(assembly: string): Promise<void> {
  const project = fileURLToPath(new URL('..', import.meta.url));
  const { hear, consumers } = values;
  const context = {
    ...{ throttleRate: 10_000, throttleBurst: 5_000, startedFile, hear, consumers },
    // What is measured is the way, not how long batches are told to wait.
    stateBatchSeconds: 0,
    // In AWS, 300 consumers are on one bus but in several stacks of at most 500 resources each.
    '@aws-cdk/core:stackResourceLimit': 0,
    '@aws-cdk/core:validateAgainstDefaultRules': false,
  };
  const plain = 'node --disable-warning=ExperimentalWarning bench/local/plain-app.ts';
  return synthesize(project, assembly, context, values.stack === 'plain' ? plain : undefined);
}

function forkHere(file: string, args: string[]) {
  return fork(fileURLToPath(new URL(`local/${file}`, import.meta.url)), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

/** Sends, and waits until each consumer has begun with each accepted webhook, at most a minute. */
async function send(load: Load) {
  const begun = performance.now();
  const due = new Map<string, number>();
  const waiting: [id: string, at: number][] = [];
  const latencies: number[] = [];
  const refused: number[] = [];
  let perSecond = Number.NaN;
  let deadline = Number.POSITIVE_INFINITY;
  const take = ({ sent, refused: more, done }: Told) => {
    for (const [id, at] of sent) due.set(id, at);
    refused.push(...more);
    if (!done) return;
    perSecond = load.count / ((performance.now() - begun) / 1000);
    deadline = performance.now() + 60_000;
  };
  sender.on('message', take);
  sender.send(load);
  while (performance.now() < deadline) {
    await setTimeout(deadline === Number.POSITIVE_INFINITY ? 500 : 50);
    cpu.look();
    for (const line of starts.read()) {
      const [id = '', at] = line.split(' ');
      waiting.push([id, Number(at)]);
    }
    // A start may be read before its sender has told of the answer.
    for (const [id, at] of waiting.splice(0)) {
      const from = due.get(id);
      if (from === undefined) waiting.push([id, at]);
      else latencies.push(at - from);
    }
    if (deadline < Number.POSITIVE_INFINITY && latencies.length >= due.size * copies) break;
  }
  sender.off('message', take);
  return { accepted: due.size, latencies, refused, perSecond };
}

function look() {
  return { ...cpu.look(), totals: cpu.totals() };
}

function perWebhook(from: ReturnType<typeof cpu.totals>, to: typeof from, webhooks: number) {
  const share = (name: keyof typeof from) => (to[name] - from[name]) / webhooks;
  return {
    run: share('run'),
    ingest: share('ingest'),
    consumers: share('consumers'),
    sender: share('sender'),
  };
}

function countOf([status, all]: [string, readonly unknown[] | undefined]): [string, number] {
  return [status, all?.length ?? 0];
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}
