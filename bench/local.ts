/** `npm run bench:local`: signed webhooks through the full pipeline on one machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../events/signature.ts';
import { freshWebhook } from '../ops/send-webhook.ts';
import { testSecret } from '../test/end-to-end/secrets.ts';
import { unthrottled } from '../test/end-to-end/unthrottled.ts';
import { writeResults } from './run.ts';
import { quantile } from './statistics.ts';
import { synthesizeApp } from './subjects.ts';

const usage = `npm run bench:local -- [options]
Signed webhooks of 2 KB by HTTP over 64 connections through ingest, bus, archive, three queues and their
functions, with everything kept on disk, each function a process of its own. Needs Linux (/proc).

  --rate 500         webhooks a second, each sent when it is due; 0: as fast as answers come
  --count 20000      how many are measured, after 5,000 for warming up
  --write            puts the result into docs/benchmarks.json and docs/benchmarks.md
  --help             this text`;

/** One event type for each of the three consumers. */
const types = ['message', 'call.received', 'label.upsert'] as const;
const agent = new Agent({ keepAlive: true });
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = { rate: text, count: text, write: flag, help: flag } as const;
const { rate = 500, count = 20_000, write: writes, help } = parseArgs({ options }).values;

/** A local run of an assembly, with its data in a directory, in a process of its own. */
async function startRun(assembly: string, data: string) {
  const script = fileURLToPath(new URL('../test/durability/run-child.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', script, assembly, data];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  const stop = async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
  return { url, pid: child.pid as number, stop };
}

async function measureLocal(directory: string, rate: number, count: number): Promise<void> {
  const [assembly, startedFile] = [join(directory, 'assembly'), join(directory, 'started')];
  await synthesizeApp(assembly, { ...unthrottled, startedFile });
  const { url, pid, stop } = await startRun(assembly, join(directory, 'data'));
  // The first webhooks start the functions and warm them up.
  const warmUp = await sendAll(url, 5_000, Math.min(rate || 200, 200));
  await awaitStarts(startedFile, warmUp.size);
  const [before, cpuBefore, begun] = [usageOf(pid), process.cpuUsage(), performance.now()];
  const due = await sendAll(url, count, rate);
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const starts = await awaitStarts(startedFile, warmUp.size + due.size);
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
  if (writes) {
    writeResults({ local: { date: new Date().toISOString().slice(0, 10), rate, values } });
  }
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

/**
 * Waits until consumers have started to process so many events, at most a minute. Returns the events with
 * their times.
 */
async function awaitStarts(file: string, count: number): Promise<[id: string, at: number][]> {
  for (const deadline = Date.now() + 60_000; ; await setTimeout(200)) {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    if (lines.length >= count || Date.now() > deadline) {
      return lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]);
    }
  }
}

/** CPU time of the run and of its functions, ended ones included, and the run's memory: see proc(5). */
function usageOf(run: number) {
  const [tickMs, pageBytes] = [10, 4_096];
  const fieldsOf = (pid: number | string): number[] => {
    try {
      const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
      return fields.split(' ').map(Number);
    } catch {
      // The process has ended; its time is now counted among the run's ended children.
      return [];
    }
  };
  const [own, all] = [fieldsOf(run), readdirSync('/proc').filter((name) => /^\d+$/.test(name))];
  const functions = all.map(fieldsOf).filter(([, parent]) => parent === run);
  const ticks = (fields: number[], at: number) => (fields[at] ?? 0) + (fields[at + 1] ?? 0);
  return {
    runMs: ticks(own, 11) * tickMs,
    functionsMs: functions.reduce((sum, each) => sum + ticks(each, 11), ticks(own, 13)) * tickMs,
    memoryMb: ((own[21] ?? 0) * pageBytes) / 2 ** 20,
  };
}

if (help) {
  console.log(usage);
} else {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
  try {
    await measureLocal(directory, Number(rate), Number(count));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
