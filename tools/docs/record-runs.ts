import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProjectRun, startProject } from '../../cli/local/start-project.ts';
import { defaultDataFolder, writeRunFile } from '../../ops/run-file.ts';

/** A pattern as a person would write it, which the example does not match. */
const pattern = {
  source: ['whatsapp'],
  'detail-type': ['message'],
  detail: { meta: { fromMe: [false], session: ['shop', 'support'] } },
};

/**
 * Runs the commands that docs/cli.md shows against a local run of this project, and returns their output by
 * the name of the recording. Each command is a real process.
 */
export async function recordRuns(
  print: (line: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-runs-'));
  const run = await startProject({ port: 0, awsPort: 0, observer: {}, print });
  const [ingress = ''] = run.ingresses.values();
  const waha = await startWahaExample(ingress);
  try {
    // The commands find the run by this file, as those of a user do.
    writeRunFile(join(directory, defaultDataFolder), {
      ...{ pid: process.pid, started: new Date().toISOString(), ingress },
      ...{ awsEndpoint: run.awsEndpoint, region: run.region },
      stacks: run.stacks.map(({ name }) => name),
    });
    return await playAll({ run, directory, wahaUrl: waha.url }, print);
  } finally {
    await run.close({ drainMs: 1_000 });
    waha.close();
    rmSync(directory, { recursive: true });
  }
}

async function playAll(stage: Stage, print: (line: string) => void) {
  const runs = new Map<string, string>();
  const record = async (name: string, ...commands: readonly (readonly string[] | string)[]) => {
    print(`Recording ${name} …`);
    const seen: string[] = [];
    for (const each of commands) {
      seen.push(typeof each === 'string' ? each : await play(stage, each).ended);
    }
    runs.set(name, seen.join('\n\n'));
  };

  await record('status', ['status']);
  runs.set('tail', await tailing(stage));
  writeFileSync(join(stage.directory, 'pattern.json'), `${JSON.stringify(pattern)}\n`);
  await record(
    'explain',
    ['explain', 'poll.vote'],
    `$ cat pattern.json\n${JSON.stringify(pattern)}`,
    ['explain', 'message', '--pattern', 'pattern.json'],
  );
  await record('rules', ['rules', '--for', 'poll.vote']);
  await failTwoEvents(stage);
  await record(
    'dlq',
    ['status'],
    ['dlq', 'show', 'messages', '--group-by', 'error'],
    ['dlq', 'show', 'messages'],
    ['dlq', 'redrive', 'messages', '--dry-run'],
    ['dlq', 'purge', 'messages', '--yes', '--audit', 'audit.ndjson', '--reason', 'only a test'],
  );
  await record('doctor', ['doctor'], ['doctor', '--no-drift', '--waha', 'http://127.0.0.1:3001']);
  await record('cost', ['cost', '--millions', '1']);
  return runs;
}

/** A tail that receives three events, sent one after the other once it is ready. */
async function tailing(stage: Stage): Promise<string> {
  const seen: string[] = [];
  for (const more of [[], ['--json', '--type', 'message.*']]) {
    const limit = more.length === 0 ? '3' : '1';
    const tail: Played = play(stage, ['tail', '--limit', limit, ...more]);
    await tail.until('Listening on');
    for (const type of ['message', 'message.reaction', 'call.received']) {
      await play(stage, ['send', type]).ended;
    }
    seen.push(await tail.ended);
  }
  return seen.join('\n\n');
}

/** Sends two messages that are no events to a consumer's queue: they become dead-letter messages at once. */
async function failTwoEvents({ run }: Stage): Promise<void> {
  const { sqs } = run.services;
  const url = (name: string) => `${run.awsEndpoint}/${run.accountId}/${name}`;
  for (const MessageBody of ['{"not":"an event"}', '{"nor":"is this"}']) {
    await sqs.call('SendMessage', { QueueUrl: url('whatsapp-dev-messages'), MessageBody });
  }
  const deadLetters = `arn:aws:sqs:${run.region}:${run.accountId}:whatsapp-dev-messages-dead-letters`;
  while (sqs.peek(deadLetters, 2).length < 2) {
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** An answer of WAHA's `GET /api/sessions`, with typical mistakes. */
const sessionsWith = (ingress: string) => [
  {
    name: 'shop',
    status: 'WORKING',
    config: {
      webhooks: [
        {
          url: `${ingress}/webhooks`,
          events: ['message', 'message.any', 'session.status'],
          hmac: null,
          retries: null,
        },
      ],
    },
  },
];

/** A server that answers `GET /api/sessions` as WAHA does, with sessions that post to the endpoint. */
export async function startWahaExample(
  ingress: string,
): Promise<{ readonly url: string; close(): void }> {
  const server: Server = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(sessionsWith(ingress)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

/** The environment of the commands: a local run, and a directory of their own. */
export interface Stage {
  readonly run: ProjectRun;
  readonly directory: string;
  /** URL of a WAHA server whose sessions have typical mistakes. */
  readonly wahaUrl: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = `${root}bin/fanout.ts`;

/** The defaults, which replace the values of this machine in the output. */
const defaults = { ingress: 'http://127.0.0.1:8787', aws: '4566', waha: 'http://127.0.0.1:3001' };

/** A running command. */
export interface Played {
  /** Resolves when the text has been written. */
  until(text: string): Promise<void>;
  /** Its output, below its prompt. */
  readonly ended: Promise<string>;
}

/** Starts `fanout …` as a process of its own, and collects its output in order. */
export function play(stage: Stage, words: readonly string[]): Played {
  const { run, directory, wahaUrl } = stage;
  const ingress = [...run.ingresses.values()][0] ?? '';
  const given = words.map((word) => (word === defaults.waha ? wahaUrl : word));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...given], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ NO_COLOR: '1', FORCE_COLOR: undefined, WAHA_API_KEY: 'key', COLUMNS: '80' },
    },
  });
  let printed = '';
  let subscribed = () => {};
  const listen = (chunk: Buffer) => {
    printed += chunk.toString();
    subscribed();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const asReader = () =>
    printed
      .replaceAll(wahaUrl, defaults.waha)
      .replaceAll(ingress, defaults.ingress)
      .replaceAll(`127.0.0.1:${new URL(run.awsEndpoint).port}`, `127.0.0.1:${defaults.aws}`)
      .replaceAll(directory, '~/whatsapp-event-fanout')
      .replaceAll(`(process ${process.pid})`, '(process 4711)')
      // Makes paths relative to the project's folder.
      // Where a bundle lies differs from run to run.
      .replaceAll(/\/\S*\/asset\.[0-9a-f]+\//g, '…/')
      .replaceAll(root, '')
      .trimEnd();
  const prompt = `$ npx fanout ${words.map(quote).join(' ')}`;
  const ended = once(child, 'close').then(([status]) =>
    [prompt, asReader(), ...(status === 0 ? [] : ['$ echo $?', String(status)])]
      .filter(Boolean)
      .join('\n'),
  );
  return {
    ended,
    async until(text) {
      const gone = ended.then(() => {
        throw new Error(`fanout ${words.join(' ')} ended without "${text}": ${printed}`);
      });
      while (!printed.includes(text)) {
        await Promise.race([
          new Promise<void>((resolve) => {
            subscribed = resolve;
          }),
          gone,
        ]);
      }
      gone.catch(() => {});
    },
  };
}

const quote = (word: string) => (/^[\w.:/=,-]+$/.test(word) ? word : `'${word}'`);
