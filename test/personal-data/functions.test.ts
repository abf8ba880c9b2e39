import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { eventTypes } from '../../events/catalog.ts';
import type { BusType } from '../../events/envelope.ts';
import { type ExampleWebhook, exampleBody, exampleWebhook } from '../../events/example-webhook.ts';
import { contentExamples } from '../../events/message/content-examples.docs.ts';
import { contents } from '../../events/message/contents.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { consume } from '../../lambdas/runtime/consume.ts';
import { logHandled } from '../../lambdas/runtime/log.ts';
import { foundIn, personalValues, personalValuesIn } from './personal-values.ts';

let printed = '';
beforeEach(() => {
  printed = '';
  process.env.CONSUMER = 'test';
  Object.assign(process.env, { CHAT_HASH_KEY: 'key', DEBUG_SAMPLE_PERCENT: '100' });
  for (const level of ['debug', 'info', 'warn', 'error', 'log'] as const) {
    jest.spyOn(console, level).mockImplementation((...parts) => {
      printed += JSON.stringify(parts);
    });
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  delete process.env.CONSUMER;
  delete process.env.CHAT_HASH_KEY;
  delete process.env.DEBUG_SAMPLE_PERCENT;
  jest.restoreAllMocks();
});

const queue = { sendToDeadLetterQueue: async () => {}, postpone: async () => {} };

/** Handles and fails the event of a webhook, and looks for what it holds in all that was said. */
async function checkHandled(webhook: ExampleWebhook): Promise<void> {
  const { events } = normalizeWebhook(Buffer.from(JSON.stringify(webhook)), {
    receivedAt: new Date(),
    requestId: 'request-1',
  });
  const batch = {
    Records: events.map((detail, index) => ({
      messageId: `message-${index}`,
      body: JSON.stringify({ detail }),
      attributes: { ApproximateReceiveCount: '1' },
    })),
  } as unknown as SQSEvent;
  await consume<BusType>(logHandled, { queue, once: undefined })(batch);
  const failing = consume<BusType>(
    (event) => {
      // What a careless handler, or a library that it uses, may throw.
      throw Object.assign(new TypeError(`Cannot send ${JSON.stringify(event)}`), { event });
    },
    { queue, once: undefined },
  );
  await failing(batch);
  const values = personalValuesIn(webhook);
  expect(values.length).toBeGreaterThan(0);
  expect(foundIn(JSON.stringify(events), values)).not.toEqual([]);
  expect(foundIn(printed, values)).toEqual([]);
}

describe.each(eventTypes)('%s', (type) => {
  test('is handled, and fails, without a word of what it holds', async () => {
    for (const sender of ['waha', 'wawp'] as const) {
      await checkHandled(exampleWebhook(type, sender));
    }
    for (const word of ['handled', 'received', 'failed', 'TypeError', 'request-1']) {
      expect(printed).toContain(word);
    }
  });
});

test.each(contents)(
  'a message with the content `%s` is handled, and fails, as quietly',
  async (content) => {
    const webhook = exampleBody('message', contentExamples[content]);
    await checkHandled({ ...webhook, metadata: { tenant: 'Acme Boat Hire' } });
    expect(printed).toContain('handled');
    expect(printed).not.toContain('Acme');
  },
);

test('what somebody else has put into a queue is not printed either', async () => {
  const type = 'message';
  const { payload, me } = exampleWebhook(type, 'waha');
  const values = personalValues(type, 'waha');
  for (const odd of [me, payload, [payload], JSON.stringify(me), 7, null]) {
    const meta = { id: odd, type, category: 'messages', requestId: odd, chat: odd };
    const times = { occurredAt: odd, receivedAt: odd, replay: odd };
    const body = JSON.stringify({ detail: { meta: { ...meta, ...times }, data: payload } });
    const record = { messageId: '1', body, attributes: { ApproximateReceiveCount: '1' } };
    const batch = { Records: [record] } as unknown as SQSEvent;
    await consume<BusType>(logHandled, { queue, once: undefined })(batch);
  }
  expect(printed).toContain('handled');
  expect(foundIn(printed, values)).toEqual([]);
});
