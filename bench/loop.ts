/** `npm run bench:loop`: how long a developer waits for the local run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { freshWebhook, postWebhook } from '../ops/send-webhook.ts';
import { median } from './statistics.ts';

const help = `npm run bench:loop -- [options]
Starts the local run of a checkout, changes a handler and a source of the app, and prints medians in seconds.
The files are restored.

  --project .   the checkout to measure, with its node_modules: another commit's, to compare with
  --rounds 5    how often each is measured
  --help        this text`;

type Printed = { readonly event: string; readonly [key: string]: unknown };

const text = { type: 'string' } as const;
const options = { project: text, rounds: text, help: { type: 'boolean' } } as const;
const { project = '.', rounds = '5', help: wantsHelp } = parseArgs({ options }).values;

/** A local run in a process of its own, and what it prints. */
class Run {
  readonly #child;
  readonly printed: Printed[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(project: string, data: string, secret: string) {
    const command = ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'local', '--json'];
    const ports = ['--port', '0', '--aws-port', '0', '--console-port', '0'];
    this.#child = spawn(process.execPath, [...command, '--watch', '--data', data, ...ports], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SIGNING_SECRET: secret, URL_SECRET: secret },
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.printed.push(JSON.parse(line));
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
    this.#child.once('exit', () => this.#changed.resolve());
  }

  /** Waits for a line after the first `since` ones. */
  async until(wanted: (printed: Printed) => boolean, since = 0): Promise<Printed> {
    for (;;) {
      const found = this.printed.slice(since).find(wanted);
      if (found) {
        return found;
      }
      if (this.#child.exitCode !== null) {
        throw new Error('The run has ended.');
      }
      await this.#changed.promise;
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    await ended;
  }
}

const isNote = (start: string) => (each: Printed) =>
  each.event === 'note' && String(each.message).startsWith(start);

async function measureLoop(project: string, rounds: number): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'fanout-loop-'));
  const measured: Awaited<ReturnType<typeof measureRound>>[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      measured.push(await measureRound(project, join(data, String(round)), round));
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  const print = (what: string, seconds: readonly number[]) =>
    console.log(`${what.padEnd(40)} ${median(seconds).toFixed(1)} s`);
  print(
    'start to ready',
    measured.map(({ start }) => start),
  );
  print(
    'handler saved to its next invocation',
    measured.map(({ handler }) => handler),
  );
  print(
    'source of the app saved to its update',
    measured.map(({ app }) => app),
  );
}

/** Seconds of one start, one change of a handler and one of the app. */
async function measureRound(project: string, data: string, round: number) {
  const secret = crypto.randomUUID();
  const begun = performance.now();
  const run = new Run(project, data, secret);
  try {
    await run.until(({ event }) => event === 'ready');
    const start = secondsSince(begun);
    await run.until(isNote('Watching'));
    const handler = await whileChanged(
      join(project, 'lambdas/consumers/calls.ts'),
      `console.log('round ${round}');`,
      async (before) => {
        await run.until(isNote('Reloaded'), before);
        await sendCall(run, secret);
        await run.until((each) => String(each.text).includes(`round ${round}`), before);
      },
      run,
    );
    const app = await whileChanged(
      join(project, 'lib/spill.ts'),
      `export const round = ${round};`,
      (before) => run.until(isNote('Reloaded: the new app runs'), before),
      run,
    );
    return { start, handler, app };
  } finally {
    await run.stop();
  }
}

const secondsSince = (begun: number) => (performance.now() - begun) / 1_000;

async function sendCall(run: Run, secret: string): Promise<void> {
  const ready = run.printed.find(({ event }) => event === 'ready');
  const [ingress] = Object.values(ready?.ingresses as Record<string, string>);
  const body = JSON.stringify(freshWebhook('call.received', 'waha'));
  await postWebhook(`${ingress}/webhooks`, body, { kind: 'signature', secret });
}

/**
 * Adds a line to a file, measures until `taken` resolves, and restores the file, which reloads the run again.
 * The file is saved in place, which every version of the watcher notices.
 */
async function whileChanged(
  path: string,
  line: string,
  taken: (before: number) => Promise<unknown>,
  run: Run,
): Promise<number> {
  const source = readFileSync(path, 'utf8');
  try {
    const before = run.printed.length;
    const begun = performance.now();
    writeFileSync(path, `${source}\n${line}\n`);
    await taken(before);
    return secondsSince(begun);
  } finally {
    const before = run.printed.length;
    writeFileSync(path, source);
    await run.until(isNote('Reloaded'), before);
  }
}

if (wantsHelp) {
  console.log(help);
} else {
  await measureLoop(resolve(project), Number(rounds));
}
