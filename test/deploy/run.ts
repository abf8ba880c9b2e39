import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

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
let moto: ChildProcess | undefined;
let status = 1;
try {
  const url = values.url ?? (await startMoto());
  const jest = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      ...['--testMatch', '<rootDir>/test/deploy/*.deploy.ts'],
      // All deployments share one account.
      '--runInBand',
      '--bail',
      // A hook synthesizes twice and deploys: each a process of its own.
      ...['--testTimeout', '600000'],
      ...(values.only ? ['--testNamePattern', values.only] : []),
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, ...environmentFor(url), DEPLOY_TEST_EMULATOR: await nameOf(url) },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => jest.kill(signal));
  }
  const [code] = (await once(jest, 'exit')) as [number | null];
  status = code ?? 1;
} finally {
  moto?.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

/** No credentials and no configuration of this machine: nothing can reach a real account. */
function environmentFor(url: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: url,
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
    DEPLOY_TEST_FOLDER: folder,
  };
}

/** Only moto has this address. */
async function nameOf(url: string): Promise<'moto' | 'other'> {
  return (await fetch(new URL('/moto-api/data.json', url))).ok ? 'moto' : 'other';
}

/** @returns its URL, when it answers */
async function startMoto(): Promise<string> {
  const port = await freePort();
  moto = spawn('moto_server', ['--host', 'localhost', '--port', String(port)], { stdio: 'ignore' });
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
