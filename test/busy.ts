import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, constants, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const usage = `Usage: npm run test:busy -- [--times N] <script> [arguments of the script]

Runs an npm script, such as test or test:faults, while two busy loops for each core compete with it.
Ends with the script's exit status; of several runs, with that of the first that fails.`;

const { values, positionals, tokens } = parseArgs({
  args: process.argv.slice(2),
  options: { times: { type: 'string', default: '1' } },
  allowPositionals: true,
  strict: false,
  tokens: true,
});
const script = tokens.find(({ kind }) => kind === 'positional');
const times = Number(values.times);
if (!script || positionals[0] === undefined || !Number.isInteger(times) || times < 1) {
  console.error(usage);
  process.exit(2);
}
const given = process.argv.slice(2).slice(script.index);
const [name = '', ...rest] = given;

/** Threads, so that they end with this process in whatever way it ends. */
const loops = Array.from(
  { length: 2 * availableParallelism() },
  () => new Worker('for (;;);', { eval: true }),
);
await Promise.all(loops.map((loop) => once(loop, 'online')));

let isInterrupted = false;

/** Runs the script once, and returns its exit status. */
async function run(): Promise<number> {
  const child = spawn(
    'npm',
    ['run', '--silent', name, ...(rest.length > 0 ? ['--', ...rest] : [])],
    {
      stdio: 'inherit',
    },
  );
  // Ctrl-C reaches the script by itself; this process waits for its end and for its status.
  const onInterrupt = () => {
    isInterrupted = true;
  };
  const onTerminate = () => child.kill('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  process.off('SIGINT', onInterrupt);
  process.off('SIGTERM', onTerminate);
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

let status = 0;
for (let count = 1; count <= times && status === 0 && !isInterrupted; count++) {
  const startedAt = performance.now();
  status = await run();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `busy: run ${count} of ${times}, ${status === 0 ? 'passed' : `failed with status ${status}`} after ${seconds} s; ` +
      `${loops.length} busy loops on ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  );
}
process.exit(status);
