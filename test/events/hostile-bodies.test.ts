import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalizeWebhook } from '../../events/normalize.ts';
import { growthWhenDoubled, linear } from '../count-steps.ts';
import { context, normalize, onlyEvent, unrecognizedEvent, wahaBody } from './webhook.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => [`n${index}`, 1]);
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('nesting', () => {
  test('of 500 levels is parsed, of 501 is kept as text', () => {
    expect(onlyEvent(`{"event":"engine.event","payload":{"data":${nested(498)}}}`).meta.type).toBe(
      'engine.event',
    );
    const text = `{"event":"engine.event","payload":{"data":${nested(499)}}}`;
    expect(onlyEvent(text)).toMatchObject({ data: { reason: 'too-deep' }, raw: text });
  });

  test('of 100,000 levels does not crash the process', () => {
    const text = nested(100_000);
    expect(onlyEvent(text)).toMatchObject({ data: { reason: 'too-deep' }, raw: text });
    expect(unrecognizedEvent(JSON.stringify(text)).data.reason).toBe('too-deep');
    expect(unrecognizedEvent('['.repeat(100_000)).data.reason).toBe('too-deep');
  });

  test('is counted outside of strings only', () => {
    const text = `{"event":"engine.event","payload":{"data":"${'[\\"'.repeat(1000)}"}}`;
    expect(onlyEvent(text).meta.type).toBe('engine.event');
  });

  test('is not confused with many brackets side by side', () => {
    const data = Array.from({ length: 5000 }, () => [{}]);
    expect(onlyEvent({ event: 'engine.event', payload: { data } }).meta.type).toBe('engine.event');
  });
});

describe('breadth', () => {
  const wide = (items: number) =>
    `{"event":"engine.event","payload":{"data":[${'1,'.repeat(items - 1)}1]}}`;

  test('of 100,000 fields and items is parsed, of more is kept as text', () => {
    expect(onlyEvent(wide(99_990)).meta.type).toBe('engine.event');
    expect(onlyEvent(wide(100_000))).toMatchObject({ data: { reason: 'too-wide' } });
    const names = Array.from({ length: 100_001 }, (_, index) => `"${index}":1`);
    expect(onlyEvent(`{${names}}`)).toMatchObject({ data: { reason: 'too-wide' } });
  });

  test('is counted outside of strings only', () => {
    const text = `{"event":"engine.event","payload":{"data":"${',[{\\"'.repeat(100_000)}"}}`;
    expect(onlyEvent(text).meta.type).toBe('engine.event');
  });
});

describe('hostile JSON', () => {
  test('with names of the prototype changes no prototype', () => {
    const text =
      '{"event":"message","__proto__":{"x":1},"payload":{"__proto__":{"fromMe":true},"constructor":{"prototype":{"y":1}},"from":"12025550142@c.us","body":"Hi"}}';
    const event = onlyEvent(text);
    expect(event.data).toStrictEqual({
      chat: { kind: 'user', id: '12025550142@c.us', phone: '+12025550142' },
      content: 'text',
      body: 'Hi',
    });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(JSON.stringify(event.raw)).toBe(JSON.stringify(JSON.parse(text)));
  });

  test('with lone surrogates, null characters and huge numbers becomes an event', () => {
    const text =
      '{"event":"message","session":"\\ud800","payload":{"id":"\\ud800_\\u0000","timestamp":1e308,"body":"\\udfff","ack":1e308}}';
    const event = onlyEvent(text);
    expect(event.meta).toMatchObject({ type: 'message', occurredAt: '2026-02-01T08:00:00.000Z' });
    expect(JSON.stringify(event)).toContain('\\ud800');
  });

  test('of 6 MB is read', () => {
    const event = onlyEvent(
      wahaBody('message', { id: 'false_1@c.us_A', body: 'x'.repeat(6_000_000) }),
    );
    expect(event.meta.type).toBe('message');
    expect(normalize('"'.repeat(6_000_000)).events).toHaveLength(1);
    expect(normalize('['.repeat(6_000_000)).events).toHaveLength(1);
    expect(normalize(`"${'\\\\'.repeat(3_000_000)}`).events).toHaveLength(1);
  });

  test.each([
    ['text', (size: number) => wahaBody('message', { id: 'A', body: 'x'.repeat(size) })],
    ['fields', (size: number) => wahaBody('message', Object.fromEntries(names(size)))],
    ['quotes', (size: number) => '"'.repeat(size)],
    ['brackets', (size: number) => '['.repeat(size)],
    ['backslashes', (size: number) => `"${'\\\\'.repeat(size)}`],
    ['commas', (size: number) => `"a",${','.repeat(size)}`],
  ])('of many %s is read in linear time', (_what, bodyOf) => {
    const growth = growthWhenDoubled(40_000, (size) => {
      const body = bodyOf(size);
      return () => normalize(body);
    });
    expect(growth).toBeLessThan(linear);
  });
});

test('a body as text has the same events as its bytes, also with lone surrogates and byte order marks', () => {
  const odd = fc.constantFrom('\uFEFF', '\uD800', '\uDFFF', '\0', '"', '{', '\\');
  const part = fc.oneof(odd, fc.json(), fc.string({ unit: 'binary' }));
  const webhook = fc
    .string({ unit: fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 1 })) })
    .map((body) => JSON.stringify(wahaBody('message', { id: 'false_1@c.us_3EB0', body })));
  const text = fc.oneof(
    fc.array(part).map((parts) => parts.join('')),
    webhook,
    webhook.map((body) => `\uFEFF${body}`),
    webhook.map((body) => body.replace('3EB0', '\uD800')),
  );
  fc.assert(
    fc.property(text, (text) => {
      expect(normalizeWebhook(text, context)).toEqual(normalizeWebhook(Buffer.from(text), context));
    }),
  );
});
