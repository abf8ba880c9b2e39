import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import fc from 'fast-check';
import {
  is,
  NotAWhatsAppEventError,
  OtherAccountError,
  parse,
  parseRecord,
} from '../../events/consume.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { onlyEvent } from './webhook.ts';

const envelope = onlyEvent(exampleWebhook('message', 'waha'));
const busEvent = {
  version: '0',
  id: '0d8a5a0e-6a1c-4b0e-9b61-6a5a1a1c7f10',
  'detail-type': 'message',
  source: 'whatsapp',
  account: '123456789012',
  time: '2026-01-01T12:00:00Z',
  region: 'eu-central-1',
  resources: [],
  detail: envelope,
};
const expected = { type: 'message', category: 'messages', ...envelope };

describe('parse for the consumers of one account', () => {
  const account = busEvent.account;

  test('takes what EventBridge delivers of that account', () => {
    expect(parse(JSON.stringify(busEvent), account)).toStrictEqual(expected);
    expect(parseRecord(JSON.stringify(busEvent), account)).toStrictEqual(expected);
  });

  test('refuses what another account put on the bus, and says so', () => {
    const injected = JSON.stringify({ ...busEvent, account: '999999999999' });
    expect(() => parse(injected, account)).toThrow(OtherAccountError);
    expect(() => parse(injected, account)).toThrow(/another account put it on the bus/);
  });

  test('refuses what names no account, or no source, as a message that somebody sent to the queue', () => {
    const { account: _, ...without } = busEvent;
    expect(() => parse(JSON.stringify(without), account)).toThrow(OtherAccountError);
    expect(() => parse(JSON.stringify(envelope), account)).toThrow(NotAWhatsAppEventError);
    const { source: __, ...sourceless } = busEvent;
    expect(() => parse(JSON.stringify(sourceless), account)).toThrow(NotAWhatsAppEventError);
  });

  test('lets nothing pass but an event of that account, whatever the message is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (source, from) => {
        fc.pre(source !== 'whatsapp' || from !== account);
        const message = JSON.stringify({ ...busEvent, source, account: from });
        expect(() => parse(message, account)).toThrow(/^Not an event of/);
      }),
    );
  });
});

describe('parse', () => {
  test.each([
    ['the body of an SQS record', JSON.stringify(busEvent)],
    ['a record as Lambda hands it over', { body: JSON.stringify(busEvent), messageId: 'm1' }],
    ['a message as ReceiveMessage gives it', { Body: JSON.stringify(busEvent), MessageId: 'm1' }],
    ['an event as EventBridge hands it to a function', busEvent],
    ['an envelope', envelope],
    ['the text of an envelope', JSON.stringify(envelope)],
  ])('accepts %s', (_what, input) => {
    expect(parse(input)).toStrictEqual(expected);
  });

  test('returns an event that narrows by its type', () => {
    const event = parseRecord(JSON.stringify(busEvent));
    expect(event.type === 'message' && event.data.body).toBe('Is the blue one still in stock?');
  });

  test.each([
    ['text that is no JSON', 'hello'],
    ['an empty text', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['an event of another source', JSON.stringify({ ...busEvent, detail: { bucket: 'x' } })],
    [
      'an envelope without data',
      JSON.stringify({ meta: { type: 'message', category: 'messages' } }),
    ],
    [
      'an envelope whose type is no text',
      JSON.stringify({ meta: { type: 1, category: 'x' }, data: {} }),
    ],
    ['a record with a body that is no event', { body: '{"detail":{"meta":null}}' }],
  ])('refuses %s without revealing its content', (_what, input) => {
    expect(() => parse(input)).toThrow(NotAWhatsAppEventError);
    expect(() => parse(input)).toThrow(
      /^Not an event of the WhatsApp bus: expected [a-zA-Z. ]+\.$/,
    );
  });

  test('throws no other error for any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        try {
          return parse(text).type !== undefined;
        } catch (error) {
          return error instanceof NotAWhatsAppEventError;
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the entry for consumers in other repositories', () => {
  test('is a few kilobytes, without the catalog, a validator or AWS', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: ['events/consume.ts'],
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
    });
    expect(outputFiles[0]?.contents.length).toBeLessThan(10_000);
    expect(Object.keys(metafile.inputs).sort()).toStrictEqual([
      'events/consume.ts',
      'events/hops.ts',
      'events/names.ts',
      'events/parse.ts',
      'events/pattern.ts',
    ]);
  });
});

test('is() returns whether an event has one of several types', () => {
  const event = parse({
    detail: { meta: { type: 'message.any', category: 'messages' }, data: { body: 'Hello' } },
  });
  expect(is(event, 'message', 'message.any') && event.data.body).toBe('Hello');
  expect(is(event, 'message')).toBe(false);
});

test('an event of another source is refused, even if it has the same form', () => {
  const detail = { meta: { id: 'a', type: 'message', category: 'messages' }, data: {} };
  expect(parse(JSON.stringify({ source: 'whatsapp', detail })).meta.id).toBe('a');
  for (const source of ['aws.ec2', 'WhatsApp', '', null, ['whatsapp']]) {
    expect(() => parse(JSON.stringify({ source, detail }))).toThrow(NotAWhatsAppEventError);
  }
});
