// Before the others, so that what they call when they load is counted too.
import '../count-steps.ts';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { normalizeWebhook } from '../../events/normalize.ts';
import { unrecognizedData } from '../../events/unrecognized.ts';
import { growthWhenDoubled, linear } from '../count-steps.ts';
import {
  context,
  isOneFact,
  normalize,
  onlyEvent,
  unrecognizedEvent,
  wahaBody,
} from './webhook.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a body that cannot be read is published as unrecognized, in full', () => {
  test.each([
    ['empty text', '', 'not-json'],
    ['text', 'hello', 'not-json'],
    ['half of an object', '{"event":"message",', 'not-json'],
    ['form fields', 'event=message&payload=1', 'not-json'],
  ])('%s', (_what, text, reason) => {
    const event = onlyEvent(text);
    expect(event.meta).toMatchObject({
      type: 'unrecognized',
      category: 'unrecognized',
      sender: 'waha',
    });
    expect(event).toMatchObject({ data: { reason }, raw: text });
  });

  test.each([
    ['null', null],
    ['true', true],
    ['a number', 7],
    ['a string', '"x"'],
    ['an object without an event', { session: 'a', payload: {} }],
    ['an event that is no text', { event: 7, payload: {} }],
    ['a wrapped event', { data: { event: 'message', payload: {} } }],
  ])('%s is not a webhook body', (_what, body) => {
    const event = unrecognizedEvent(body);
    expect(event.data.reason).toBe('not-an-envelope');
    const isStructure = typeof body === 'object' && body !== null;
    expect(event.raw).toStrictEqual(isStructure || typeof body === 'string' ? body : String(body));
  });

  test('bytes that are not UTF-8 are kept as base64, and marked so', () => {
    const bytes = Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d);
    const [event] = normalizeWebhook(bytes, context).events;
    expect(event).toMatchObject({
      data: { reason: 'not-json', encoding: 'base64' },
      raw: 'e//+fQ==',
    });
  });

  test('an unknown event keeps its name, its payload and all other fields', () => {
    const body = wahaBody('message.sent', { a: 1 });
    const event = onlyEvent(body);
    expect(event.data).toStrictEqual({ reason: 'unknown-event', event: 'message.sent' });
    expect(event.raw).toStrictEqual(body);
    expect(event.meta).toMatchObject({
      session: 'default',
      engine: 'NOWEB',
      occurredAt: '2026-02-01T08:00:00.123Z',
    });
  });

  test('a very long name is shortened', () => {
    expect(unrecognizedEvent({ event: 'x'.repeat(100_000) }).data.event).toHaveLength(128);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
    '%j is not an event type',
    (event) => {
      expect(unrecognizedEvent(`{"event":"${event}","payload":{}}`).data.reason).toBe(
        'unknown-event',
      );
    },
  );
});

describe('an invalid payload', () => {
  test('is reported with path, expectation and type, never with a value', () => {
    const body = wahaBody('message', {
      id: 42,
      body: ['secret'],
      media: { url: { secret: true } },
    });
    const event = unrecognizedEvent(body);
    expect(event.data).toMatchObject({ reason: 'invalid-payload', event: 'message' });
    expect(event.data.issues).toContainEqual({
      path: 'payload.body',
      expected: 'string',
      received: 'array',
    });
    expect(event.data.issues).toContainEqual({
      path: 'payload.media.url',
      expected: 'string',
      received: 'object',
    });
    expect(JSON.stringify(event.data)).not.toContain('secret');
    expect(event.raw).toStrictEqual(body);
  });

  test.each([
    ['text', 'hello', 'string'],
    ['a number', 7, 'number'],
    ['true', true, 'boolean'],
    ['a list', [{}], 'array'],
  ])('may be %s instead of an object', (_what, payload, received) => {
    const event = unrecognizedEvent(wahaBody('message', payload));
    expect(event.data.issues).toStrictEqual([{ path: 'payload', expected: 'Object', received }]);
  });

  test('is reported with at most ten errors', () => {
    const statuses = Array.from({ length: 50 }, () => ({ status: 7 }));
    expect(unrecognizedEvent(wahaBody('session.status', { statuses })).data.issues).toHaveLength(
      10,
    );
  });

  test.each([
    ['an item of a list', { participants: [{ id: 7 }] }, 'payload.participants[0].id'],
    ['the second item', { participants: ['1@c.us', { role: [] }] }, 'payload.participants[1].role'],
    ['a part of an address', { chatId: { user: 7 } }, 'payload.chatId.user'],
    ['a list', { participants: 7 }, 'payload.participants'],
  ])('is reported where it is: %s', (_what, payload, path) => {
    const { issues } = unrecognizedEvent(wahaBody('group.v2.participants', payload)).data;
    expect(issues?.map((issue) => issue.path)).toStrictEqual([path]);
  });

  test('is reported without names that may be data', () => {
    const body = wahaBody('group.v2.participants', { participants: { '12025550142@c.us': 7 } });
    const { issues } = unrecognizedEvent(body).data;
    expect(JSON.stringify(issues)).not.toContain('12025550142');
  });

  test.each([
    ['48,000 errors', 24_000, 7, 10],
    // For a larger text only the first one is reported.
    ['90,000 errors', 45_000, 0.25, 1],
  ])('with %s is reported in linear time', (_what, count, wrong, reported) => {
    const growth = growthWhenDoubled(count, (size) => {
      const body = wahaBody('message', { vCards: Array.from({ length: size }, () => wrong) });
      expect(unrecognizedEvent(body).data.issues).toHaveLength(reported);
      return () => unrecognizedEvent(body);
    });
    expect(growth).toBeLessThan(linear);
  });
});

describe('an unrecognized event', () => {
  test.each([
    ['hello'],
    [{ event: 'nope' }],
    [{ event: 'message', payload: 7 }],
    [Array.from({ length: 11 }, () => 1)],
    [nested(1000)],
  ])('has data that matches its schema', (body) => {
    const { data } = onlyEvent(body);
    expect(v.parse(unrecognizedData(), data)).toStrictEqual(data);
  });

  test('has the same key in a retry, and another for another body', () => {
    expect(onlyEvent('hello').meta.id).toBe(onlyEvent('hello').meta.id);
    expect(onlyEvent('hello').meta.id).not.toBe(onlyEvent('hullo').meta.id);
    const body = wahaBody('nope', {});
    expect(isOneFact(body, body)).toBe(true);
    expect(isOneFact(body, { ...body, id: 'evt_2' })).toBe(false);
  });

  test('has a different key for each body with one event id', () => {
    expect(isOneFact(wahaBody('nope', { a: 1 }), wahaBody('nope', { a: 2 }))).toBe(false);
    expect(isOneFact(wahaBody('message', 'a'), wahaBody('message', 'b'))).toBe(false);
  });

  test('has no key if the body has neither an event id nor a time', () => {
    const { keys, events } = normalize({ event: 'nope', session: 'default', payload: {} });
    expect(keys).toEqual([undefined]);
    expect(events[0]?.meta.id).toMatch(/^unrecognized:[0-9a-f]{40}$/);
  });

  test('has one key if it is in a list twice', () => {
    const [one, other] = [wahaBody('nope', { a: 1 }), wahaBody('nope', { a: 2 })];
    const { keys } = normalize([one, other, one]);
    expect(keys[2]).toEqual(keys[0]);
    expect(keys[1]).not.toEqual(keys[0]);
  });
});
