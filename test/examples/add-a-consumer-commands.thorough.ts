import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { publish, runBesideBus } from './run-example.ts';

const page = readFileSync(new URL('../../docs/how-to/add-a-consumer.md', import.meta.url), 'utf8');

/** What the page says to export before, and nothing else that this machine may have set. */
const exported = Object.fromEntries(
  [...page.matchAll(/^export (.*)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((pair) => pair.split('=')),
  ),
);

/** The commands that add a consumer while the bus runs; the last two send an event and read the queue. */
const commands = /## While it runs.*?```sh\n.*?```sh\n(.*?)```/s.exec(page)?.[1] ?? '';

const hasAws = spawnSync('aws', ['--version']).status === 0;
let run: LocalRun;

beforeAll(async () => {
  run = await runBesideBus((app) => {
    const other = new Stack(app, 'Other');
    new Queue(other, 'NotOfInterest');
    return other;
  });
});

afterAll(async () => {
  await run?.close();
});

const shell = async (script: string) => {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...exported,
    AWS_ENDPOINT_URL: run.awsEndpoint,
  };
  return (await promisify(execFile)('bash', ['-ec', script], { env })).stdout;
};

test('the queue policy on the page is JSON, and lets in that one rule only', () => {
  const [, attributes = ''] = /--attributes '(.*)'$/m.exec(commands) ?? [];
  const policy = JSON.parse(JSON.parse(attributes.replaceAll("'$ARN'", run.region)).Policy);
  expect(policy.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: expect.stringMatching(/:my-queue$/),
      Condition: {
        ArnEquals: { 'aws:SourceArn': expect.stringMatching(/:rule\/whatsapp-dev\/my-rule$/) },
      },
    },
  ]);
});

test('the commands mean the same in zsh, which splits no variable into words', () => {
  expect(commands).toMatch(/^aws\(\) \{ command aws .* "\$@"; \}$/m);
  // Where one is unquoted it is a single word, in both shells.
  const used = commands.replace(/^aws\(\).*$/m, '');
  const unquoted = [...used.matchAll(/(?<!["'\w{])\$(\w+)/g)].map(([, name]) => name);
  expect([...new Set(unquoted)].sort()).toEqual(['QUEUE']);
});

(hasAws ? test : test.skip)(
  'the commands add a consumer with nothing but the aws command line',
  async () => {
    const [before = '', receive = ''] = commands.split(/^npx fanout send message$/m);
    const settings = `${before.split('\n').slice(0, 2).join('\n')}\nQUEUE=${run.awsEndpoint}/${run.accountId}/my-queue\n`;
    await shell(before);
    const { meta } = await publish(run, 'message');
    await publish(run, 'call.received');
    const { Messages } = JSON.parse(await shell(settings + receive)) as {
      Messages: { Body: string }[];
    };
    expect(Messages.map(({ Body }) => JSON.parse(Body).detail.meta.id)).toEqual([meta.id]);
  },
);
