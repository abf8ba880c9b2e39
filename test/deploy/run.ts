import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DeploymentFacts } from './deployment.ts';
import { describeGaps } from './emulator.ts';

const usage = `Usage: npm run test:deploy -- [--url URL] [--only TEXT] [--require]

Deploys the stack with the AWS CDK CLI to an AWS emulator, changes it, runs the operators' commands against it and
destroys it.

  --url URL   an emulator that runs, such as LocalStack; it should be empty. Without it, moto's server is started
  --only TEXT only the tests whose title has this pattern
  --require   fail where the emulator or the aws command line is missing; otherwise nothing is tested then`;

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    url: { type: 'string' },
    only: { type: 'string' },
    require: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const missing = [...(values.url ? [] : ['moto_server --help']), 'aws --version']
  .map((line) => line.split(' '))
  .filter(([command = '', word = '']) => spawnSync(command, [word]).status !== 0)
  .map(([command]) => command);
if (missing.length > 0) {
  console.error(
    `The deployment test did not run: ${missing.join(' and ')} missing. Install with: pip install 'moto[server]' awscli`,
  );
  if (process.env.TEST_COUNTS_FILE && !values.require) {
    writeFileSync(process.env.TEST_COUNTS_FILE, '0 0\n');
  }
  process.exit(values.require ? 1 : 0);
}

const folder = mkdtempSync(join(tmpdir(), 'fanout-deploy-'));
const results = join(folder, 'results.json');
/** No credentials and no configuration of this machine: nothing can reach a real account. */
const environment: NodeJS.ProcessEnv = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: join(folder, 'no-config'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
  AWS_EC2_METADATA_DISABLED: 'true',
  // The CLI remembers there which account a key is of, and all emulators have the same key.
  CDK_HOME: join(folder, 'cdk-home'),
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

const motos: ChildProcess[] = [];
let status = 1;
try {
  // Each file of tests has an account of its own, where emulators can be started.
  const urls = values.url ? [values.url] : await Promise.all([startMoto(), startMoto()]);
  const emulator = await nameOf(urls[0] ?? '');
  const jest = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      ...['--testMatch', '<rootDir>/test/deploy/*.deploy.ts'],
      ...(urls.length === 1 ? ['--runInBand'] : ['--maxWorkers', String(urls.length)]),
      '--verbose',
      '--bail',
      // A test synthesizes twice and deploys: each a process of its own.
      ...['--testTimeout', '600000'],
      ...['--json', '--outputFile', results],
      ...(values.only ? ['--testNamePattern', values.only] : []),
    ],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...environment,
        DEPLOY_TEST_URLS: urls.join(','),
        DEPLOY_TEST_FOLDER: folder,
        DEPLOY_TEST_EMULATOR: emulator,
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => jest.kill(signal));
  }
  const [code] = (await once(jest, 'exit')) as [number | null];
  status = code ?? 1;
  if (existsSync(results)) {
    console.log([...tableOf(results), '', ...describeGaps(emulator)].join('\n'));
  }
} finally {
  for (const moto of motos) {
    moto.kill();
  }
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

/** A line for each deployment: its resources, how long its tests took, and what was left. */
function tableOf(file: string): readonly string[] {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly testResults: readonly {
      readonly assertionResults: readonly {
        readonly ancestorTitles: readonly string[];
        readonly status: string;
        readonly duration?: number | null;
      }[];
    }[];
  };
  const facts = readdirSync(folder)
    .filter((name) => name.endsWith('.facts.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as DeploymentFacts);
  const byTitle = Map.groupBy(
    testResults.flatMap(({ assertionResults }) => assertionResults),
    ({ ancestorTitles: [title = ''] }) => title,
  );
  const rows = [...byTitle].map(([title, tests]) => {
    const found = facts.find((each) => each.title === title);
    const passed = tests.filter((each) => each.status === 'passed').length;
    const seconds = tests.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1_000;
    return [
      title,
      found ? `${found.resources} (${found.made})` : '-',
      `${passed} of ${tests.length}`,
      `${seconds.toFixed(0)} s`,
      found ? found.left.join(', ') || 'nothing' : '-',
    ];
  });
  const table = [['deployment', 'resources (made)', 'tests', 'time', 'left'], ...rows];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  return table.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '));
}

/** Only moto has this address. */
async function nameOf(url: string): Promise<'moto' | 'other'> {
  return (await fetch(new URL('/moto-api/data.json', url))).ok ? 'moto' : 'other';
}

/** @returns its URL, when it answers */
async function startMoto(): Promise<string> {
  const port = await freePort();
  const moto = spawn('moto_server', ['--host', 'localhost', '--port', String(port)], {
    stdio: 'ignore',
  });
  motos.push(moto);
  const ended = once(moto, 'exit');
  // By name: each bucket is asked for under a name of its own below it.
  const url = `http://localhost:${port}`;
  for (;;) {
    const answered = await Promise.race([
      fetch(url).then(
        () => true,
        () => new Promise<false>((resolve) => setTimeout(resolve, 100, false)),
      ),
      ended.then(([code]) => {
        throw new Error(`moto_server ended with ${code} before it answered.`);
      }),
    ]);
    if (answered) {
      return url;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
