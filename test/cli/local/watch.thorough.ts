import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

type Printed = { event: string; [key: string]: unknown };

const root = fileURLToPath(new URL('../../..', import.meta.url));
let project: string;
let child: ChildProcess;
let awsEndpoint: string;
const printed: Printed[] = [];
let changed = Promise.withResolvers<void>();

/** An app without CDK: one queue, and a function of one file that reads it. */
const app = `
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
const code = readFileSync('lambdas/app/index.mjs');
execFileSync(process.execPath, ['--check', 'lambdas/app/index.mjs'], { stdio: 'inherit' });
const key = createHash('sha256').update(code).digest('hex');
const out = process.env.CDK_OUTDIR;
cpSync('lambdas/app', out + '/asset.' + key, { recursive: true });
const write = (name, content) => writeFileSync(out + '/' + name, JSON.stringify(content));
const queue = (QueueName) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const { more = [] } = JSON.parse(readFileSync('lib/settings.json'));
write('App.template.json', { Resources: {
  Orders: queue('orders'),
  ...Object.fromEntries(more.map((name) => [name, queue(name)])),
  Handler: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'handler', Runtime: 'nodejs24.x',
    Handler: 'index.handler', Timeout: 10, Code: { S3Bucket: 'assets', S3Key: key + '.zip' } } },
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Handler' },
    EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } } },
} });
write('assets.json', { files: { code: { source: { path: 'asset.' + key }, destinations: { here: { objectKey: key + '.zip' } } } } });
write('manifest.json', { artifacts: {
  App: { type: 'aws:cloudformation:stack', properties: { templateFile: 'App.template.json' } },
  Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
} });
`;

const handler = (version: string) => `
export const handler = async ({ Records }) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const { body } of Records) console.log('${version} did ' + body);
};`;

const write = (path: string, content: string) => writeFileSync(join(project, path), content);

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'fanout-watch-'));
  for (const room of ['bin', 'cli', 'console', 'events', 'lib', 'lambdas', 'ops', 'package.json']) {
    cpSync(join(root, room), join(project, room), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  mkdirSync(join(project, 'lambdas/app'));
  write('app.mjs', app);
  write('cdk.json', '{"app":"node app.mjs"}');
  write('lib/settings.json', '{}');
  write('lambdas/app/index.mjs', handler('first'));
  const args = [
    '--disable-warning=ExperimentalWarning',
    'bin/fanout.ts',
    'local',
    '--watch',
    '--json',
  ];
  child = spawn(process.execPath, [...args, '--port', '0', '--aws-port', '0', '--memory'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    printed.push(JSON.parse(line));
    changed.resolve();
    changed = Promise.withResolvers();
  });
  child.once('exit', () => changed.resolve());
  awsEndpoint = String((await listen(({ event }) => event === 'ready')).awsEndpoint);
  await listen(isNote('Watching'));
});

afterAll(async () => {
  if (child.exitCode === null) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  rmSync(project, { recursive: true, force: true });
});

/** Waits for something to be said after what had been said at `since`. */
async function listen(wanted: (printed: Printed) => boolean, since = 0): Promise<Printed> {
  for (;;) {
    const found = printed.slice(since).find(wanted);
    if (found) {
      return found;
    }
    if (child.exitCode !== null) {
      throw new Error('The run has ended.');
    }
    await changed.promise;
  }
}

const isNote =
  (start: string) =>
  ({ event, message }: Printed) =>
    event === 'note' && String(message).startsWith(start);

const isLog = (text: string) => (each: Printed) =>
  each.event === 'log' && String(each.text).endsWith(`\t${text}`);

async function callSqs(action: string, input: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(awsEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: await response.json() };
}

const order = async (MessageBody: string) => {
  const QueueUrl = `${awsEndpoint}/000000000000/orders`;
  expect((await callSqs('SendMessage', { QueueUrl, MessageBody })).status).toBe(200);
};

describe('fanout local --watch', () => {
  test('uses new code of a handler from then on, and no message is lost meanwhile', async () => {
    let count = 0;
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        await order(String(++count));
      }
    })();
    await listen(isLog('first did 1'));
    write('lambdas/app/index.mjs', handler('second'));
    await listen(isNote('Reloaded'));
    await listen(({ text }) => String(text).includes('second did'));
    isOver = true;
    await load;
    for (let number = 1; number <= count; number += 1) {
      await listen(({ text }) => / did (\d+)$/.exec(String(text))?.[1] === String(number));
    }
  });

  test('says what does not compile, and the code from before goes on', async () => {
    const before = printed.length;
    write('lambdas/app/index.mjs', 'this is no code');
    const { message } = await listen(isNote('Reload failed'), before);
    expect(message).toMatch(/index\.mjs[\s\S]*SyntaxError/);
    await order('still');
    await listen(isLog('second did still'), before);
    write('lambdas/app/index.mjs', handler('third'));
    await listen(isNote('Reloaded'), before);
    await order('again');
    await listen(isLog('third did again'), before);
  });

  test('creates what is new in the app, and removes what is gone from it', async () => {
    const before = printed.length;
    write('lib/settings.json', '{"more":["fresh"]}');
    await listen(isNote('Reloaded'), before);
    expect((await callSqs('GetQueueUrl', { QueueName: 'fresh' })).status).toBe(200);
    write('lib/settings.json', '{}');
    await listen(isNote('Removed fresh (AWS::SQS::Queue, fresh)'), before);
    expect((await callSqs('GetQueueUrl', { QueueName: 'fresh' })).status).toBe(400);
  });
});

describe('fanout local', () => {
  const start = async (args: readonly string[]) => {
    const command = ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'local', '--memory'];
    const other = spawn(process.execPath, [...command, ...args], { cwd: project, stdio: 'pipe' });
    let text = '';
    other.stderr.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const [status] = await once(other, 'close');
    return { status, text };
  };

  test('says what to do when a port is taken', async () => {
    const port = new URL(awsEndpoint).port;
    const { status, text } = await start([
      ...['--data', join(project, '.other'), '--port', '0', '--aws-port', port],
    ]);
    expect([status, text]).toEqual([
      1,
      `fanout: Port ${port} is taken. Stop what listens there, or choose another one with AWS_PORT (0 takes any).\n`,
    ]);
  });

  test.each([
    ['--port', '70000', 'A port is an integer from 0 to 65535.'],
    ['--time-scale', '0', 'A time scale is a number from 1 to 1000000.'],
  ])('%s %s is refused with what is allowed', async (option, value, message) => {
    expect(await start([option, value])).toEqual({
      status: 2,
      text: expect.stringContaining(message),
    });
  });
});
