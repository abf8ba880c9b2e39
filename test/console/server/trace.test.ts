import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hidePersonal } from '../../../console/server/personal/hide-personal.ts';
import { asCurl, asTestCase, quoteForShell } from '../../../console/server/sending/as-code.ts';
import { describePayload } from '../../../console/server/sending/describe-payload.ts';
import { compareShapes } from '../../../console/server/trace/explain-rules.ts';
import { rebuildBody } from '../../../console/server/trace/trace-event.ts';
import { catalog, type EventType, eventTypes } from '../../../events/catalog.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';

const request = { receivedAt: new Date(0), requestId: 'request' };
const normalize = (body: string) => normalizeWebhook(Buffer.from(body), request).events[0];

describe('the body that an event came from', () => {
  test.each(eventTypes)('of a %s is read again as the same fact', (type) => {
    for (const sender of ['waha', 'wawp'] as const) {
      const event = normalize(JSON.stringify(exampleWebhook(type, sender)));
      expect(normalize(rebuildBody(event) ?? '')).toEqual(event);
    }
  });

  test('of what was no webhook is the text itself', () => {
    for (const body of ['not json', '7', '"x"', '{"a":1}', '{"a":12345678901234567890123}']) {
      expect(normalize(rebuildBody(normalize(body)) ?? '')?.raw).toEqual(normalize(body)?.raw);
    }
  });

  test('is not made up where the payload lies elsewhere, or of anything else', () => {
    expect(rebuildBody({ meta: { type: 'message' }, raw: { claimCheck: {} } })).toBeUndefined();
    expect(rebuildBody({ meta: { type: 'call.missed' }, data: {} })).toBeUndefined();
    fc.assert(fc.property(fc.anything(), (envelope) => void rebuildBody(envelope)));
  });
});

describe('what normalization changed', () => {
  test('is described field by field', () => {
    const payload = {
      id: 'long enough',
      timestamp: 1767269406,
      extra: { deep: 'only here' },
      same: 'as is',
    };
    const data = {
      messageId: 'long enough',
      timestamp: '2026-01-01',
      same: 'as is',
      made: 'new one',
    };
    expect(compareShapes(payload, data)).toEqual([
      { kind: 'moved', path: 'messageId', from: 'id', after: '"long enough"' },
      { kind: 'changed', path: 'timestamp', before: '1767269406', after: '"2026-01-01"' },
      { kind: 'added', path: 'made', after: '"new one"' },
      { kind: 'left-out', path: 'extra.deep', before: '"only here"' },
    ]);
  });

  test('is nothing between equal values, and can be asked of any', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(compareShapes(a, a)).toEqual([]);
        compareShapes(a, b);
      }),
    );
  });
});

describe('what is copied', () => {
  test('is one word for a shell, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = text.replaceAll('\0', '').toWellFormed();
        const printed = execFileSync('sh', ['-c', `printf %s ${quoteForShell(plain)}`]);
        expect(printed.toString()).toBe(plain);
      }),
      { numRuns: 30 },
    );
  });

  test('never has a secret in it', () => {
    const url = 'https://example.com/webhooks';
    for (const kind of ['signature', 'url-secret'] as const) {
      expect(asCurl('{}', { url, proof: { kind, secret: 'a very secret secret' } })).not.toContain(
        'very secret',
      );
    }
  });

  test('is a test that passes here', () => {
    const body = JSON.stringify(exampleWebhook('message', 'waha'));
    const envelope = normalize(body);
    const text = asTestCase(body, envelope);
    const data = /toEqual\(([\s\S]*)\);\n\}\);\n$/.exec(text)?.[1] ?? '';
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(envelope?.data)));
    expect(text).toContain(JSON.stringify(body));
  });
});

test.each(eventTypes)('the fields of a payload of %s can be described', (type: EventType) => {
  const fields = describePayload(catalog[type].payload() as never);
  expect(new Set(fields.map(({ path, takes }) => `${path} ${takes}`)).size).toBeGreaterThan(0);
  expect(fields.length).toBeLessThan(500);
});

test('a view of the state without what is personal has no text, no name and no number of anybody', () => {
  const view = {
    rows: [
      {
        session: 'shop',
        chat: { id: '12025550142@c.us', lid: '118832900000100@lid' },
        name: 'Noor',
        body: 'Is it there?',
        ack: { level: 2, name: 'DEVICE' },
        sentAt: '2026-01-01T12:00:00.000Z',
        reactions: [{ by: '12025550142@c.us', emoji: '👍' }],
      },
    ],
  };
  const shown = JSON.stringify(hidePersonal(view));
  expect(shown).toContain('2026-01-01T12:00:00.000Z');
  expect(shown).toContain('…42@c.us');
  for (const personal of ['Noor', 'Is it', '120255', '1188329', '👍']) {
    expect(shown).not.toContain(personal);
  }
});
