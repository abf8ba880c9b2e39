import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { derived } from '../../events/derived.ts';
import { SlackStack } from '../../examples/slack/slack-stack.ts';
import { firstMessagesIn, listen, publish, runBesideBus, until } from './run-example.ts';

const posts: { readonly text: string }[] = [];
let status = 200;
let slack: Awaited<ReturnType<typeof listen>>;
let run: LocalRun;

beforeAll(async () => {
  slack = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    posts.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status).end();
  });
  run = await runBesideBus((app) => new SlackStack(app, 'Slack'), {
    environment: { SLACK_WEBHOOK_URL: `${slack.url}/services/invented` },
  });
});

afterAll(async () => {
  await run?.close();
  await slack?.close();
});

beforeEach(() => {
  posts.length = 0;
  status = 200;
});

const miss = (id: string) =>
  publish(run, 'call.rejected', ({ meta, data }) => {
    Object.assign(meta, { id, type: derived['call.missed'].type, session: 'shop' });
    Object.assign(data, {
      caller: { kind: 'user', id: '12025550142@c.us', phone: '+12025550142' },
    });
    Object.assign(data, { media: 'voice' });
  });

test('a missed call is one line in the channel, also when the event is delivered twice', async () => {
  await miss('one');
  await until(() => posts.length > 0);
  await miss('one');
  await miss('two');
  await until(() => posts.length > 1);
  expect(posts).toEqual([
    { text: 'Missed voice call from +12025550142 to shop' },
    { text: 'Missed voice call from +12025550142 to shop' },
  ]);
});

test('a webhook that was revoked is a permanent error: the event waits in the dead-letter queue', async () => {
  status = 404;
  const { meta } = await miss('three');
  const waiting = await firstMessagesIn(run, 'whatsapp-dev-slack-dead-letters');
  expect(waiting.map(({ Body }) => JSON.parse(Body).detail.meta.id)).toEqual([meta.id]);
  expect(posts).toHaveLength(1);
});
