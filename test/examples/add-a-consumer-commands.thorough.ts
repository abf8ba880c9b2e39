import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { publish, runBesideBus } from './run-example.ts';

const page = readFileSync(new URL('../../docs/how-to/add-a-consumer.md', import.meta.url), 'utf8');

/** The commands that add a consumer while the bus runs; the last two send an event and read the queue. */
const commands = /## While it runs.*?```sh\n(.*?)```/s.exec(page)?.[1] ?? '';

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

/** Nothing is exported but what every shell has. */
const shell = async (script: string) => {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const here = script.replace('http://127.0.0.1:4566', run.awsEndpoint);
  return (await promisify(execFile)('bash', ['-ec', here], { env })).stdout;
};

test('the page exports nothing that would aim a deployment at the local run', () => {
  expect(page).not.toMatch(/export AWS_|AWS_ENDPOINT_URL/);
});

test('the queue policy on the page is JSON, and lets in that one rule only', () => {
  const [, attributes = ''] = /--attributes '(.*)'$/m.exec(commands) ?? [];
  const policy = JSON.parse(
    JSON.parse(attributes.replaceAll(/'\$((QUEUE|RULE)_ARN)'/g, '$1')).Policy,
  );
  expect(policy.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: 'QUEUE_ARN',
      Condition: { ArnEquals: { 'aws:SourceArn': 'RULE_ARN' } },
    },
  ]);
});

test('the commands mean the same in zsh, which splits no variable into words', () => {
  expect(commands).toMatch(/^aws\(\) \{ ([A-Z_]+=[\w-]+ )+command aws .* "\$@"; \}$/m);
  // Where one is unquoted it is a single word, in both shells.
  const used = commands.replace(/^aws\(\).*$/m, '');
  const unquoted = [...used.matchAll(/(?<!["'\w{])\$(\w+)/g)].map(([, name]) => name);
  expect([...new Set(unquoted)].sort()).toEqual(['QUEUE']);
});

test('the commands name no region, account or partition, so that they are the same everywhere', () => {
  expect(commands.replace(/^aws\(\).*$/m, '')).not.toMatch(/arn:|[a-z]{2}-[a-z]+-\d|\d{12}/);
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
