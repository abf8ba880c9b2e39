import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { traceIdOf } from '../../../events/traceparent.ts';
import { correlate, hashChat, isSampled, log } from '../../../lambdas/runtime/log.ts';

let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((line) => {
      lines.push({ ...(line as object), level });
    });
  }
});
afterEach(() => {
  delete process.env.DEBUG_SAMPLE_PERCENT;
  jest.restoreAllMocks();
});

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('every line of one webhook', () => {
  test('has its ids, also if several are handled at the same time', async () => {
    const work = (requestId: string) =>
      correlate({ requestId, id: `message:${requestId}`, traceparent }, async () => {
        log.info('begins', {});
        await Promise.resolve();
        log.error('fails', { code: 'x' });
      });
    await Promise.all([work('a'), work('b')]);
    log.info('outside', {});
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const of = (requestId: string) => ({ requestId, id: `message:${requestId}`, traceId });
    expect(lines).toEqual([
      { level: 'info', message: 'begins', ...of('a') },
      { level: 'info', message: 'begins', ...of('b') },
      { level: 'error', message: 'fails', code: 'x', ...of('a') },
      { level: 'error', message: 'fails', code: 'x', ...of('b') },
      { level: 'info', message: 'outside' },
    ]);
  });

  test('has no id if a message contains an invalid one', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (requestId, id) => {
        lines = [];
        const origin = { requestId, id } as { requestId: string; id: string };
        correlate(origin, () => log.info('x', {}));
        for (const value of [lines[0]?.requestId, lines[0]?.id ?? 'x']) {
          expect(value).toMatch(/^[\w.:-]{1,128}$/);
        }
      }),
    );
  });
});

describe('sampling', () => {
  test('a sampled webhook is logged at all levels in every function', () => {
    process.env.DEBUG_SAMPLE_PERCENT = '100';
    correlate({ requestId: 'a' }, () => log.debug('detail', {}));
    process.env.DEBUG_SAMPLE_PERCENT = '0';
    correlate({ requestId: 'a' }, () => log.debug('detail', {}));
    expect(lines).toMatchObject([
      { level: 'info', message: 'detail', sampled: true, requestId: 'a' },
    ]);
  });

  test('the setting is the percentage of sampled webhooks', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `request-${index}`);
    expect(ids.filter((id) => isSampled(id, 0))).toEqual([]);
    expect(ids.filter((id) => isSampled(id, 100))).toEqual(ids);
    const some = ids.filter((id) => isSampled(id, 10)).length;
    expect(some).toBeGreaterThan(400);
    expect(some).toBeLessThan(600);
  });
});

describe('a chat in logs', () => {
  test('is the same for the same chat and stack, and reveals nothing of the number', () => {
    const chat = '447700900123@c.us';
    expect(hashChat(chat, 'key')).toBe(hashChat(chat, 'key'));
    expect(hashChat(chat, 'key')).not.toBe(hashChat(chat, 'another'));
    expect(hashChat(chat, 'key')).not.toBe(hashChat('447700900124@c.us', 'key'));
    expect(hashChat(chat, 'key')).toMatch(/^[\w-]{12}$/);
  });

  test('is omitted without a key', () => {
    expect(hashChat('447700900123@c.us', undefined)).toBeUndefined();
    expect(hashChat('447700900123@c.us', '')).toBeUndefined();
  });
});

describe('a traceparent', () => {
  test.each([
    ['of version 00', traceparent, true],
    ['of a later version, with more behind it', `cc${traceparent.slice(2)}-more`, true],
    ['of version 00 with more behind it', `${traceparent}-more`, false],
    ['of the version that is not allowed', `ff${traceparent.slice(2)}`, false],
    ['without a trace id', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, false],
    ['without a span id', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`, false],
    ['in capitals', traceparent.toUpperCase(), false],
    ['that is empty', '', false],
  ])('%s', (_name, given, isOne) => {
    expect(traceIdOf(given) !== undefined).toBe(isOne);
  });
});
