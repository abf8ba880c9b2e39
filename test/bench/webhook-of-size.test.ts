import { describe, expect, test } from '@jest/globals';
import { idPlaceholder, webhookOfSize } from '../../bench/webhooks/webhook-of-size.ts';
import { normalizeWebhook } from '../../events/normalize.ts';

const context = { receivedAt: new Date(0), requestId: 'test' };

describe('the webhooks that are measured', () => {
  test.each([512, 2_048, 20_480, 204_800])(
    'one of %d bytes has them, and is understood',
    (bytes) => {
      const body = webhookOfSize(bytes);
      expect(Math.abs(Buffer.byteLength(body) - bytes)).toBeLessThanOrEqual(2);
      const { events } = normalizeWebhook(Buffer.from(body), context);
      expect(events.map(({ meta }) => meta.type)).toEqual([
        bytes < 1_000 ? 'message.ack' : 'message',
      ]);
    },
  );

  test('two of them with other ids are two facts, so that neither is a duplicate', () => {
    const ids = ['1', '2'].map((digit) => {
      const body = webhookOfSize(2_048).replaceAll(idPlaceholder, digit.repeat(26));
      return normalizeWebhook(Buffer.from(body), context).events[0]?.meta.id;
    });
    expect(new Set(ids).size).toBe(2);
  });
});
