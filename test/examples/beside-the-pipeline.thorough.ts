import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fanout, LocalCommand } from '../cli/local/local-command.ts';
import { listen, until } from './run-example.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const texts: string[] = [];
const deals: { readonly path: string | undefined; readonly body: unknown }[] = [];
let data: string;
let slack: Awaited<ReturnType<typeof listen>>;
let crm: Awaited<ReturnType<typeof listen>>;
let run: LocalCommand;
let awsEndpoint: string;

/** The `--app` of an example's README, word for word. */
function appOf(example: string): readonly string[] {
  const readme = readFileSync(join(root, 'examples', example, 'README.md'), 'utf8');
  const [, app] = /npx fanout dev --app '([^']+)'/.exec(readme) ?? [];
  return ['--app', app ?? `${example} has none`];
}

/** A server that takes JSON. */
const collect = (take: (body: unknown, path: string | undefined) => void) =>
  listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    take(JSON.parse(Buffer.concat(chunks).toString()), request.url);
    response.writeHead(200).end('{}');
  });
const unset = {
  ...{ AWS_PORT: undefined, FANOUT_URL: undefined, PORT: undefined },
  ...{ SIGNING_SECRET: undefined, URL_SECRET: undefined },
};

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'fanout-beside-'));
  slack = await collect((body) => texts.push((body as { text: string }).text));
  crm = await collect((body, path) => deals.push({ path, body }));
  const apps = ['slack', 'orders-to-crm', 'python'].flatMap(appOf);
  const context = ['-c', 'stage=dev', '-c', `crmUrl=${crm.url}/api/`];
  run = new LocalCommand(root, ['--data', data, ...apps, ...context], {
    SLACK_WEBHOOK_URL: `${slack.url}/services/invented`,
    CRM_TOKEN: 'token of a test',
  });
  ({ awsEndpoint } = (await run.ready()) as unknown as { awsEndpoint: string });
});

afterAll(async () => {
  await run?.stop();
  await slack?.close();
  await crm?.close();
  rmSync(data, { recursive: true, force: true });
});

describe('fanout dev --app', () => {
  test('runs the consumer of another app beside the pipeline: a missed call of the demo reaches it', async () => {
    const sent = await fanout(root, ['send', '--demo', '--data', data], unset);
    expect(sent).toMatchObject({ status: 0 });
    expect(sent.out).toContain('fanout state chat +12025550142');
    await until(() => texts.length > 0);
    expect(texts).toEqual(['Missed voice call from +12025550142 to shop']);
  });

  test('runs several at once: the order of the demo is one deal of the CRM', async () => {
    await until(() => deals.length > 0);
    expect(deals).toEqual([
      {
        path: '/api/deals',
        body: expect.objectContaining({ customer: '+12025550142', amount: '42.50' }),
      },
    ]);
  });

  test('and what the customer writes waits for the Python program, which handles it', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sqs = new SQSClient({ endpoint: awsEndpoint, region: 'us-east-1', credentials });
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        // The URL in the README, with the port of this run.
        QueueUrl: `${awsEndpoint}/000000000000/whatsapp-dev-python`,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 20,
      }),
    );
    sqs.destroy();
    const input = Messages.map(({ Body = '' }) => Body.replaceAll('\n', ' ')).join('\n');
    const program = join(root, 'examples/python/consumer.py');
    const output = execFileSync('python3', [program, '-'], { input, encoding: 'utf8' });
    expect(output).toMatch(/^\S+Z 12025550142@c\.us \w+: \d+ characters$/m);
  });

  test('leaves the commands to the pipeline, although there are several stacks', async () => {
    const status = await fanout(root, ['dlq', 'list', '--all', '--data', data], unset);
    expect(status).toMatchObject({ status: 0 });
    for (const consumer of ['slack', 'orders-to-crm', 'python']) {
      expect(status.out).toContain(consumer);
    }
    const chat = await fanout(root, ['state', 'chat', '+12025550142', '--data', data], unset);
    expect(chat.out).toMatch(/We do! Shall we keep one for you\?\s+read, 👍/);
  });
});

test('fanout dev says what is wrong with a context that has no value', async () => {
  const ended = await fanout(root, ['dev', '-c', 'stage'], unset);
  expect(ended).toMatchObject({ status: 2, text: expect.stringContaining('name=value') });
});
