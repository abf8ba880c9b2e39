import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { fanout, isNote, LocalCommand } from './local-command.ts';
import { makeSmallProject, type SmallProject } from './small-project.ts';

let project: SmallProject;
const runs: LocalCommand[] = [];

beforeAll(() => {
  project = makeSmallProject();
});
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.stop()));
  rmSync(project.built, { force: true });
});
afterAll(() => project?.remove());

function start(...args: readonly string[]): LocalCommand {
  const run = new LocalCommand(project.directory, ['--no-console', ...args]);
  runs.push(run);
  return run;
}

const call = (args: readonly string[]) => fanout(project.directory, args, { AWS_PORT: undefined });
const runFile = (folder: string) => join(project.directory, folder, 'run.json');

describe('a start that cannot succeed is refused before anything is built', () => {
  test.each([
    ['PORT', ['--aws-port', '0', '--port']],
    ['AWS_PORT', ['--port', '0', '--aws-port']],
    ['CONSOLE_PORT', ['--port', '0', '--aws-port', '0', '--console-port']],
  ])('when the port of %s is taken', async (variable, args) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { status, text } = await call(['local', '--memory', ...args, String(port)]);
    server.close();
    expect([status, text]).toEqual([
      1,
      `fanout: Port ${port} is taken. Stop what listens there, or choose another one with ${variable} (0 takes any).\n`,
    ]);
    expect(existsSync(project.built)).toBe(false);
  });

  test('when another run uses the data folder, whether or not it keeps its data there', async () => {
    for (const kept of [[], ['--memory']]) {
      const run = start(...kept);
      await run.ready();
      rmSync(project.built);
      const { status, text } = await call(['local', '--port', '0', '--aws-port', '0']);
      expect([status, text]).toEqual([
        1,
        expect.stringMatching(
          `^fanout: \\.fanout is in use by the local run with process id ${run.child.pid} .*choose another directory with --data\\.\n$`,
        ),
      ]);
      expect(existsSync(project.built)).toBe(false);
      await run.stop();
    }
  });

  test('when the data is of another version', async () => {
    mkdirSync(join(project.directory, 'old'));
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(project.directory, 'old', 'fanout.sqlite'));
    database.exec('PRAGMA user_version = 1');
    database.close();
    const { text } = await call(['local', '--data', 'old', '--port', '0', '--aws-port', '0']);
    expect(text).toMatch(/^fanout: .*holds data of format 1.*another directory \(--data\)\.\n$/);
    expect(existsSync(project.built)).toBe(false);
  });

  test.each([
    ['is a file', 'a-file', /a-file is no directory: it, or a part of its path, is a file\./],
    ['is below a file', 'a-file/data', /is no directory: it, or a part of its path, is a file\./],
    ['holds a damaged database', 'damaged', /damaged holds a damaged database\. Move the dir/],
  ])('when the data folder %s, whether or not it keeps its data there', async (_, data, says) => {
    project.write('a-file', '');
    mkdirSync(join(project.directory, 'damaged'), { recursive: true });
    project.write('damaged/fanout.sqlite', 'no database '.repeat(100));
    for (const kept of data === 'damaged' ? [[]] : [[], ['--memory']]) {
      const ports = ['--port', '0', '--aws-port', '0'];
      const { status, text, out } = await call(['dev', '--data', data, ...ports, ...kept]);
      expect([status, text, out]).toEqual([1, expect.stringMatching(says), '']);
      expect(text).toMatch(/^fanout: [^\n]*\(--data\)\.\n$/);
      expect(existsSync(project.built)).toBe(false);
    }
  });
});

describe('an app that cannot be built is reported without a stack trace of ours', () => {
  const dev = ['dev', '--memory', '--no-console', '--port', '0', '--aws-port', '0'];
  const good = () => readFileSync(join(project.directory, 'cdk.json'), 'utf8');

  test.each([
    ['a cdk.json that is not JSON', '{ "app": node }', /cdk\.json cannot be read: .* is not valid/],
    [
      'a cdk.json without an app',
      '{}',
      /cdk\.json has no "app", the command that runs the CDK app/,
    ],
    ['a command that is missing', '{"app":"no-such-command"}', /no-such-command: not found/],
    ['a file that is missing', '{"app":"node gone.mjs"}', /Cannot find module '.*gone\.mjs'/],
    ['an app that throws', '{"app":"node -e \\"throw new Error(1)\\""}', /Error: 1/],
  ])('%s', async (_, content, says) => {
    const before = good();
    project.write('cdk.json', content);
    const { status, text } = await call(dev);
    project.write('cdk.json', before);
    expect([status, text]).toEqual([1, expect.stringMatching(says)]);
    expect(text).toMatch(/^fanout: /);
    expect(text).not.toMatch(/\(?node:internal\/.*\d+\)?$/m);
  });
});

test('what a start prints fits 80 columns', async () => {
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'dev', '--memory'],
      ...['--no-console', '--port', '0', '--aws-port', '0'],
    ],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, COLUMNS: '80', FORCE_COLOR: '0' },
    },
  );
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('Ready.')) {
      child.kill('SIGINT');
    }
  }
  expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(printed).toMatch(/^POST +http:\S+\/webhooks +\(whatsapp-dev\)$/m);
  expect(printed).toMatch(/^UrlSecret: \S{64}$/m);
  expect(printed).not.toMatch(/webhooks\/ /);
});

test('a run that fails after it has started reports it and ends', async () => {
  // A folder where the file with the run's addresses would be written.
  mkdirSync(join(project.directory, 'taken/run.json'), { recursive: true });
  const { status, text } = await call([
    ...['dev', '--data', 'taken', '--memory', '--no-console', '--port', '0', '--aws-port', '0'],
  ]);
  expect([status, text]).toEqual([1, expect.stringMatching(/^fanout: .*run\.json/)]);
});

test('the data folder is for its owner only, and never part of a commit', async () => {
  const run = start();
  await run.ready();
  const folder = join(project.directory, '.fanout');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
});

test('Ctrl-C ends a run with the status 130, and a supervisor ends it with 0', async () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 0],
  ] as const) {
    const run = start();
    await run.ready();
    await run.stop(signal);
    expect([signal, run.child.exitCode]).toEqual([signal, status]);
    expect(existsSync(runFile('.fanout'))).toBe(false);
  }
});

describe('the run of a folder', () => {
  test('is found by commands without options, which say on standard error which it is', async () => {
    const run = start();
    const { awsEndpoint } = await run.ready();
    const { text, out } = await call(['dlq', 'list', '--json']);
    expect(text).toBe(`Local run: App at ${awsEndpoint} (process ${run.child.pid}).\n`);
    expect(out).not.toContain('Local run');
    expect(statSync(runFile('.fanout')).mode & 0o777).toBe(0o600);
    await run.stop();
    expect(existsSync(runFile('.fanout'))).toBe(false);
  });

  test('is never that of another folder, so that two runs can run at once', async () => {
    const [one, two] = [start('--data', '.one'), start('--data', '.two')];
    await Promise.all([one.ready(), two.ready()]);
    for (const [run, data] of [
      [one, '.one'],
      [two, '.two'],
    ] as const) {
      const { text } = await call(['dlq', 'list', '--data', data]);
      expect(text).toContain(`(process ${run.child.pid})`);
    }
    expect(await call(['dlq', 'list'])).toMatchObject({
      status: 1,
      text: expect.stringMatching(/^fanout: No local run of this folder is running/),
    });
  });

  test('is not found once it was killed, and does not keep the next one from starting', async () => {
    const killed = start();
    await killed.ready();
    await killed.stop('SIGKILL');
    expect(existsSync(runFile('.fanout'))).toBe(true);
    expect((await call(['status'])).text).toMatch(/^fanout: No local run of this folder/);
    const next = start();
    await next.ready();
    expect(JSON.parse(readFileSync(runFile('.fanout'), 'utf8')).pid).toBe(next.child.pid);
  });

  test('is not used when a stage in AWS is named', async () => {
    const { status, text } = await call(['dlq', 'list', '--stage', 'prod', '--stack', 'S']);
    expect(status).toBe(2);
    expect(text).toContain("option '--stage <stage>' cannot be used with option '--stack <name>'");
  });
});

test('an address that others in the network can reach causes a warning', async () => {
  const run = start('--memory', '--host', '0.0.0.0');
  await run.until(isNote('WARNING: the webhook endpoint listens at 0.0.0.0'));
  await run.ready();
  const loopback = start('--memory', '--data', '.loopback', '--host', '::1');
  await loopback.ready();
  expect(loopback.printed.some(isNote('WARNING'))).toBe(false);
});

test('Ctrl-C while the app is built stops the start, and reports no fault of the app', async () => {
  const args = ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'local', '--memory'];
  const cdk = readFileSync(join(project.directory, 'cdk.json'), 'utf8');
  project.write('cdk.json', '{"app":"node -e \\"setInterval(() => {}, 1000)\\""}');
  const child = spawn(process.execPath, [...args, '--port', '0', '--aws-port', '0'], {
    cwd: project.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      const before = printed;
      printed += chunk;
      if (!before.includes('Synthesizing') && printed.includes('Synthesizing')) {
        child.kill('SIGINT');
      }
    });
  }
  const [status] = await once(child, 'close');
  project.write('cdk.json', cdk);
  expect([status, printed]).toEqual([
    130,
    'Synthesizing the app …\nStopped before it was ready.\n',
  ]);
});
