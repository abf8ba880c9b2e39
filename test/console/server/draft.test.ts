import { expect, test } from '@jest/globals';
import type { ConsoleContext } from '../../../console/server/console-context.ts';
import { type DraftAnswer, draft } from '../../../console/server/routes/types.ts';
import { eventTypes } from '../../../events/catalog.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';

const ask = async (type: string, sender: string) => {
  const query = new URLSearchParams({ type, sender });
  const requested = { query, body: {}, reveal: true, signal: new AbortController().signal };
  return (await draft({} as ConsoleContext, requested)) as DraftAnswer;
};

test.each(['waha', 'wawp'])(
  'an example of %s to try happens now, whatever its type',
  async (sender) => {
    for (const type of eventTypes) {
      const { body } = await ask(type, sender);
      const request = { receivedAt: new Date(), requestId: 'draft' };
      const { events } = normalizeWebhook(Buffer.from(body), request);
      expect(events.length).toBeGreaterThan(0);
      expect(JSON.stringify(events.map(({ meta, data }) => ({ meta, data })))).not.toContain(
        '2026-01-01T',
      );
      expect(body).not.toMatch(/\b17672[67]\d{4}(\d{3})?\b/);
    }
  },
);
