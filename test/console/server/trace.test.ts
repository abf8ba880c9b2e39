import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Step } from '../../../console/server/journal/outcome.ts';
import { hidePersonal } from '../../../console/server/personal/hide-personal.ts';
import { asCurl, asTestCase, quoteForShell } from '../../../console/server/routes/send.ts';
import { describePayload } from '../../../console/server/routes/types.ts';
import { compareShapes } from '../../../console/server/trace/explain-rules.ts';
import { hopsOf } from '../../../console/server/trace/hops.ts';
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

describe('what happened to an event at one target', () => {
  const targets = { isRead: () => true, isUnrouted: () => false, maxReceives: () => 3 };
  const at = (kind: Step['kind'], ms: number, more: Partial<Step> = {}): Step => ({
    ...{ kind, at: ms, target: 'queue' },
    ...more,
  });
  const attempts = (...steps: Step[]) =>
    hopsOf(steps, targets).flatMap((hop) =>
      hop.attempts.map(({ number, result, startedAt, endedAt, error }) => [
        ...[number, result, startedAt, endedAt, error],
      ]),
    );

  test('is one attempt for each time that the function got it', () => {
    expect(
      attempts(
        at('delivered', 1),
        at('given', 2, { attempt: 1 }),
        at('failed', 3, { attempt: 1, error: 'TypeError: no price', stack: 'at orders.ts:7' }),
        at('failed', 4, { attempt: 1 }),
        at('given', 10, { attempt: 2 }),
        at('handled', 12, { attempt: 2 }),
      ),
    ).toEqual([
      [1, 'failed', 2, 4, 'TypeError: no price'],
      [2, 'handled', 10, 12, undefined],
    ]);
  });

  test('is never both given up and handled, in whatever order the two are reported', () => {
    const givenUp = at('given-up', 3, { attempt: 1, reason: 'permanent', error: 'ValiError' });
    const handled = at('handled', 4, { attempt: 1 });
    for (const ends of [
      [givenUp, handled],
      [handled, givenUp],
    ]) {
      const [hop] = hopsOf([at('given', 2, { attempt: 1 }), ...ends], targets);
      expect(hop?.attempts).toMatchObject([
        { number: 1, result: 'given-up', reason: 'permanent', error: 'ValiError' },
      ]);
      expect(hop?.outcome).toBe('dead');
    }
  });

  test('is kept apart by target, with what EventBridge could not deliver', () => {
    const failure = { target: 'other', error: 'NO_PERMISSIONS: denied' };
    const hops = hopsOf(
      [at('delivered', 1), at('delivery-failed', 2, failure), at('undeliverable', 3, failure)],
      targets,
    );
    expect(hops.map(({ target, outcome }) => [target, outcome])).toEqual([
      ['queue', 'waiting'],
      ['other', 'dead'],
    ]);
    expect(hops[1]).toMatchObject({ lost: 'undeliverable', failures: [{ at: 2 }, { at: 3 }] });
  });

  test('can be put together from any steps', () => {
    const step = fc.record({
      kind: fc.constantFrom<Step['kind']>('given', 'handled', 'failed', 'given-up', 'delivered'),
      at: fc.nat(),
      target: fc.constantFrom('a', 'b'),
      attempt: fc.option(fc.nat(5), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const hops = hopsOf(steps, targets);
        expect(hops.length).toBe(new Set(steps.map(({ target }) => target)).size);
      }),
    );
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
