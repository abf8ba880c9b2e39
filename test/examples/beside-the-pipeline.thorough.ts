import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fanout, LocalCommand } from '../cli/local/local-command.ts';
import { listen, until } from './run-example.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const texts: string[] = [];
let data: string;
let slack: Awaited<ReturnType<typeof listen>>;
let run: LocalCommand;
const unset = {
  ...{ AWS_PORT: undefined, FANOUT_URL: undefined, PORT: undefined },
  ...{ SIGNING_SECRET: undefined, URL_SECRET: undefined },
};

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'fanout-beside-'));
  slack = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    texts.push(JSON.parse(Buffer.concat(chunks).toString()).text);
    response.writeHead(200).end();
  });
  const app = ['--app', 'node examples/slack/app.ts', '-c', 'stage=dev'];
  run = new LocalCommand(root, ['--data', data, ...app], {
    SLACK_WEBHOOK_URL: `${slack.url}/services/invented`,
  });
  await run.ready();
});

afterAll(async () => {
  await run?.stop();
  await slack?.close();
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

  test('leaves the commands to the pipeline, although there are two stacks', async () => {
    const status = await fanout(root, ['dlq', 'list', '--all', '--data', data], unset);
    expect(status).toMatchObject({ status: 0 });
    expect(status.out).toContain('slack');
    const chat = await fanout(root, ['state', 'chat', '+12025550142', '--data', data], unset);
    expect(chat.out).toMatch(/We do! Shall we keep one for you\?\s+read, 👍/);
  });
});

test('fanout dev says what is wrong with a context that has no value', async () => {
  const ended = await fanout(root, ['dev', '-c', 'stage'], unset);
  expect(ended).toMatchObject({ status: 2, text: expect.stringContaining('name=value') });
});
