/**
 * `npm run bench:local`: signed webhooks of 2 KB through HTTP, the ingest function, the bus, three
 * queues and their functions, with everything kept on disk.
 *
 * Options: `--count 200000`, `--rate 500` (a second; 0: as fast as answers come), `--connections 32`,
 * `--quick` (10,000 webhooks).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { synthesize } from '../local/synthesize.ts';
import { percentile } from './local/percentile.ts';
import { type Sent, sendSteadily } from './local/send-steadily.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    rate: { type: 'string', default: '500' },
    connections: { type: 'string', default: '32' },
    quick: { type: 'boolean', default: false },
  },
});
const count = values.quick ? 10_000 : Number(values.count);
const rate = Number(values.rate);
const bodyBytes = 2_048;
/** The first webhooks start the functions; they are not part of the measurement. */
const warmUp = 500;

const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
const assembly = join(directory, 'assembly');
const built = performance.now();
const context = { throttleRate: 10_000, throttleBurst: 5_000 };
await synthesize(fileURLToPath(new URL('..', import.meta.url)), assembly, context);
console.log(
  `${availableParallelism()} cores; build (synthesis and bundles) ${seconds(performance.now() - built)}`,
);

const started = performance.now();
const child = fork(
  fileURLToPath(new URL('local/run-child.ts', import.meta.url)),
  [assembly, join(directory, 'data')],
  { execArgv: ['--disable-warning=ExperimentalWarning'] },
);
const [{ frontDoor, readyMs }] = await once(child, 'message');
console.log(
  `ready ${seconds(readyMs)} after its modules were loaded, ${seconds(performance.now() - started)} after the start of the process`,
);

const begunAt = new Map<string, number>();
let memory: number[] = [];
let cpuMs = 0;
child.on('message', (told: { begun?: [string, number][]; memoryMb?: number; cpuMs?: number }) => {
  const { begun = [], memoryMb } = told;
  cpuMs = told.cpuMs ?? cpuMs;
  for (const [id, time] of begun) if (!begunAt.has(id)) begunAt.set(id, time);
  if (memoryMb !== undefined) memory.push(memoryMb);
});

const connections = Number(values.connections);
const load = { frontDoor, connections, bodyBytes };
const warm: Sent = { sentAt: new Map(), refused: new Map() };
await sendSteadily({ ...load, count: warmUp, rate: Math.min(rate || 200, 200) }, warm);
await arrive(warm);
begunAt.clear();

const sent: Sent = { sentAt: new Map(), refused: new Map() };
memory = [];
const from = performance.now();
const cpuBefore = cpuMs;
const latencies: number[] = [];
const parts = 10;
console.log('part      webhooks/s  p50 ms  p99 ms  memory MB');
for (let part = 1; part <= parts; part += 1) {
  const begun = performance.now();
  const own: Sent = { sentAt: new Map(), refused: sent.refused };
  memory = [];
  await sendSteadily({ ...load, count: count / parts, rate }, own);
  const perSecond = count / parts / ((performance.now() - begun) / 1000);
  await arrive(own);
  const times = [...own.sentAt].map(([id, at]) => (begunAt.get(id) ?? Number.NaN) - at);
  latencies.push(...times);
  for (const [id, at] of own.sentAt) sent.sentAt.set(id, at);
  begunAt.clear();
  console.log(
    [
      `${part}/${parts}`.padEnd(8),
      perSecond.toFixed(0).padStart(11),
      percentile(times, 0.5).toFixed(0).padStart(7),
      percentile(times, 0.99).toFixed(0).padStart(7),
      percentile(memory, 0.5).toFixed(0).padStart(10),
    ].join(' '),
  );
}
const total = performance.now() - from;
const refused = [...sent.refused].map(([status, number]) => `${number} × ${status}`).join(', ');
const arrived = latencies.filter((ms) => !Number.isNaN(ms)).length;
console.log(
  `all      ${(count / (total / 1000)).toFixed(0)} webhooks/s, from request to consumer p50 ${percentile(latencies, 0.5).toFixed(0)} ms, p99 ${percentile(latencies, 0.99).toFixed(0)} ms`,
);
console.log(`accepted ${sent.sentAt.size}, arrived ${arrived}, not accepted ${refused || 'none'}`);
// Says more than the rate where other programs want the same cores.
console.log(
  `processor time of the run itself, without functions: ${((cpuMs - cpuBefore) / count).toFixed(2)} ms a webhook`,
);
child.send('stop');
await once(child, 'exit');
rmSync(directory, { recursive: true, force: true });
process.exitCode = arrived === count ? 0 : 1;

/** Waits until a consumer has begun with each accepted webhook, for at most a minute. */
async function arrive({ sentAt }: Sent): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if ([...sentAt.keys()].every((id) => begunAt.has(id))) return;
    await setTimeout(50);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
