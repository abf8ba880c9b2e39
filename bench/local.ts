/** `npm run bench:local`: signed webhooks through the full pipeline on one machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { parseCount } from '../cli/terminal/options.ts';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../events/signature.ts';
import { freshWebhook } from '../ops/send-webhook.ts';
import { testSecret } from '../test/end-to-end/secrets.ts';
import { writeResults } from './run.ts';
import { quantile } from './statistics.ts';
import { synthesizeApp } from './subjects.ts';

const { rate, count, write } = new Command('npm run bench:local --')
  .description(
    'Signed webhooks of 2 KB by HTTP over 64 connections through ingest, bus, archive, three queues and their functions, with everything kept on disk, each function a process of its own. Needs Linux (/proc).',
  )
  .option('--rate <n>', 'webhooks a second, each sent when due; 0: no limit', Number, 500)
  .option('--count <n>', 'how many are measured, after 5,000 for warming up', parseCount, 20_000)
  .option('--write', 'puts the result into docs/benchmarks.json and docs/benchmarks.md')
  .parse()
  .opts();

/** One event type for each of the three consumers. */
const types = ['message', 'call.received', 'label.upsert'] as const;
const agent = new Agent({ keepAlive: true });

using directory = mkdtempDisposableSync(join(tmpdir(), 'fanout-bench-'));
const [assembly, startedFile] = [join(directory.path, 'assembly'), join(directory.path, 'started')];
writeFileSync(startedFile, '');
await synthesizeApp(assembly, { throttleRate: 10_000, throttleBurst: 5_000, startedFile });
const { url, pid, stop } = await startRun();
// The first webhooks start the functions and warm them up.
const warmUp = await sendAll(url, 5_000, Math.min(rate || 200, 200));
await awaitStarts(warmUp.size);
const [before, cpuBefore, begun] = [usageOf(pid), process.cpuUsage(), performance.now()];
const due = await sendAll(url, count, rate);
const seconds = (performance.now() - begun) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
const starts = await awaitStarts(warmUp.size + due.size);
const after = usageOf(pid);
await stop();
const latencies = starts.flatMap(([id, at]) => (due.has(id) ? at - (due.get(id) ?? 0) : []));
const values = {
  'webhooks accepted': due.size,
  '… a second': due.size / seconds,
  'consumers started': latencies.length,
  'due to started, p50 ms': quantile(latencies, 0.5),
  'due to started, p99 ms': quantile(latencies, 0.99),
  'CPU ms of the run, a webhook': (after.runMs - before.runMs) / due.size,
  'CPU ms of the functions, a webhook': (after.functionsMs - before.functionsMs) / due.size,
  'CPU ms of the sender, a webhook': (user + system) / 1_000 / due.size,
  'memory of the run, MB': after.memoryMb,
};
for (const [name, value] of Object.entries(values)) {
  console.log(`${name.padEnd(36)} ${value.toFixed(2)}`);
}
if (latencies.length !== count) {
  throw new Error(`Not all of ${count} webhooks were accepted and started in their consumer`);
}
if (write) {
  writeResults({ local: { date: new Date().toISOString().slice(0, 10), rate, values } });
}

/** The local run, with its data on disk, in a process of its own. */
async function startRun() {
  const script = fileURLToPath(new URL('../test/durability/run-child.ts', import.meta.url));
  const data = join(directory.path, 'data');
  const args = ['--disable-warning=ExperimentalWarning', script, assembly, data];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const stop = async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
  return { url: String((await lines.next()).value), pid: child.pid as number, stop };
}

// The scheduled time of each accepted webhook, by the id that ingest returned. The time includes the wait for
// a connection, so that a slow response is not hidden by webhooks that were sent late.
async function sendAll(url: string, count: number, rate: number): Promise<Map<string, number>> {
  const [due, start] = [new Map<string, number>(), Date.now()];
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const connection = async () => {
    for (const number of numbers) {
      const dueAt = rate === 0 ? Date.now() : start + (number * 1_000) / rate;
      await setTimeout(Math.max(0, dueAt - Date.now()));
      const id = await post(`${url}/webhooks`, bodyOf(types[number % types.length] ?? 'message'));
      if (id) {
        due.set(id, dueAt);
      }
    }
  };
  await Promise.all(Array.from({ length: 64 }, connection));
  return due;
}

/** The id of the event, when it was accepted. Node's own client takes a third of the CPU time of fetch. */
async function post(url: string, body: string): Promise<string | undefined> {
  const headers = {
    'content-type': 'application/json',
    [signatureHeader]: sign(body, testSecret),
    [signatureAlgorithmHeader]: 'sha512',
  };
  const sent = request(url, { agent, method: 'POST', headers }).end(body);
  const [response] = await once(sent, 'response');
  const { id } = (await json(response)) as { id: string };
  return response.statusCode === 202 ? id : undefined;
}

/** A new webhook. Engines put their raw copies into `_data`, which make real ones as large as this. */
function bodyOf(type: (typeof types)[number]): string {
  const webhook = freshWebhook(type, 'waha');
  const padding = Math.max(0, 2_048 - JSON.stringify(webhook).length - 30);
  const payload = { ...(webhook.payload as object), _data: { copy: 'x'.repeat(padding) } };
  return JSON.stringify({ ...webhook, payload });
}

/** Waits until consumers have started to process so many events, at most a minute; returns ids and times. */
async function awaitStarts(count: number): Promise<[id: string, at: number][]> {
  for (const deadline = Date.now() + 60_000; ; await setTimeout(200)) {
    const lines = readFileSync(startedFile, 'utf8').split('\n').slice(0, -1);
    if (lines.length >= count || Date.now() > deadline) {
      return lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]);
    }
  }
}

/** CPU time of the run and of its functions, ended ones included, and the run's memory: see proc(5). */
function usageOf(run: number) {
  const [tickMs, pageBytes] = [10, 4_096];
  const read = (file: string) => readFileSync(`/proc/${file}`, 'latin1');
  const fieldsOf = (pid: number | string) =>
    read(`${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
  const functions = read(`${run}/task/${run}/children`).split(' ').filter(Boolean).map(fieldsOf);
  const ticks = (fields: number[], at: number) => (fields[at] ?? 0) + (fields[at + 1] ?? 0);
  const own = fieldsOf(run);
  return {
    runMs: ticks(own, 11) * tickMs,
    functionsMs: functions.reduce((sum, each) => sum + ticks(each, 11), ticks(own, 13)) * tickMs,
    memoryMb: ((own[21] ?? 0) * pageBytes) / 2 ** 20,
  };
}
