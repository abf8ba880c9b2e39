import { describe, expect, test } from '@jest/globals';
import { eventFactory, webhookOfSize } from '../../bench/webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';

const normalize = (body: string) =>
  normalizeWebhook(Buffer.from(body), { receivedAt: new Date(0), requestId: 'test' }).events;

describe('the webhooks of the benchmark', () => {
  test.each([2_048, 20_480])('one of %d bytes has this size, and is a valid message', (bytes) => {
    const body = webhookOfSize(bytes);
    expect(Math.abs(Buffer.byteLength(body) - bytes)).toBeLessThanOrEqual(2);
    expect(normalize(body).map(({ meta }) => meta.type)).toEqual(['message']);
  });

  test('each has ids of its own, so that none is a duplicate', () => {
    const next = eventFactory(2_048);
    const ids = [next(), next(), next()].map(({ body }) => normalize(body)[0]?.meta.id);
    expect(new Set(ids).size).toBe(3);
  });
});
