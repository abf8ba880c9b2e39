/** `npm run bench:loop`: how long a developer waits for the local run. */
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseCount } from '../cli/terminal/options.ts';
import { freshWebhook, postWebhook } from '../ops/send-webhook.ts';
import { isNote, LocalCommand } from '../test/cli/local/local-command.ts';
import { median } from './statistics.ts';

const { project, rounds } = new Command('npm run bench:loop --')
  .description(
    "Starts the local run of a checkout, changes a handler and a source of the app, and prints medians in seconds. The files are restored. The checkout needs its node_modules; another commit's can be compared with.",
  )
  .option('--project <directory>', 'the checkout to measure', '.')
  .option('--rounds <n>', 'how often each is measured', parseCount, 5)
  .parse()
  .opts();

/** Seconds of one start, one change of a handler and one of the app. */
async function measureRound(data: string, round: number): Promise<Record<string, number>> {
  const secret = crypto.randomUUID();
  const begun = performance.now();
  const environment = { SIGNING_SECRET: secret, URL_SECRET: secret };
  const run = new LocalCommand(project, ['--watch', '--data', data], environment);
  try {
    const { ingresses } = await run.ready();
    const start = secondsSince(begun);
    await run.until(isNote('Watching'));
    const [ingress] = Object.values(ingresses as Record<string, string>);
    const call = JSON.stringify(freshWebhook('call.received', 'waha'));
    return {
      'start to ready': start,
      'handler saved to its next invocation': await timeChange(
        run,
        'lambdas/consumers/calls.ts',
        `console.log('round ${round}');`,
        async (since) => {
          await run.until(isNote('Reloaded'), since);
          await postWebhook(`${ingress}/webhooks`, call, { kind: 'signature', secret });
          await run.until(({ text }) => String(text).includes(`round ${round}`), since);
        },
      ),
      'source of the app saved to its update': await timeChange(
        run,
        'lib/spill.ts',
        `export const round = ${round};`,
        (since) => run.until(isNote('Reloaded: the new app runs'), since),
      ),
    };
  } finally {
    await run.stop();
  }
}

const secondsSince = (begun: number) => (performance.now() - begun) / 1_000;

/**
 * Adds a line to a file of the project, measures until `taken` resolves, and restores the file, which reloads
 * the run again. The file is saved in place, which every version of the watcher notices.
 *
 * @param taken waits for what the run prints after its first `since` lines
 */
async function timeChange(
  run: LocalCommand,
  file: string,
  line: string,
  taken: (since: number) => Promise<unknown>,
): Promise<number> {
  const path = join(project, file);
  const source = readFileSync(path, 'utf8');
  try {
    const [since, begun] = [run.printed.length, performance.now()];
    writeFileSync(path, `${source}\n${line}\n`);
    await taken(since);
    return secondsSince(begun);
  } finally {
    const since = run.printed.length;
    writeFileSync(path, source);
    await run.until(isNote('Reloaded'), since);
  }
}

// Ctrl-C ends the run, and then this process, after the files are restored.
process.on('SIGINT', () => {});
using data = mkdtempDisposableSync(join(tmpdir(), 'fanout-loop-'));
const measured: Record<string, number>[] = [];
for (let round = 0; round < rounds; round += 1) {
  measured.push(await measureRound(join(data.path, String(round)), round));
}
for (const what of Object.keys(measured[0] ?? {})) {
  console.log(what.padEnd(40), median(measured.map((each) => each[what] ?? 0)).toFixed(1), 's');
}
