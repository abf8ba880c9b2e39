import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventTypes } from '../../events/catalog.ts';
import { exampleBody } from '../../events/example-webhook.ts';
import { contentExamples } from '../../events/message/content-examples.docs.ts';
import { contents } from '../../events/message/contents.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { readMessage } from '../../ops/dead-letters/dead-letter-message.ts';
import { describeMessage } from '../../ops/dead-letters/describe-message.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { hideChat, redactEnvelope } from '../../ops/redact-envelope.ts';
import { busEvent, exampleDetail } from './dead-letters/example-messages.ts';

/** Stands for what somebody wrote, their name, number or address. Found wherever it is repeated. */
const personal = fc
  .tuple(fc.constantFrom('Ada', '12025550142', 'https://x.test/a.jpg', 'x@c.us'), fc.nat())
  .map(([text, number]) => `~${text}~${number}~`);

/** JSON with something personal in each text and each name of a field. */
const personalJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    personal,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(personal, fc.constantFrom('chat', 'body', 'author', 'kind', '__proto__')),
      tie('value'),
    ),
  ),
})).value;

/** Replaces every text and number, at any depth, by something personal. */
function personalize(value: unknown): unknown {
  if (typeof value === 'string') {
    return `~${value}~`;
  }
  if (typeof value === 'number') {
    return 31_415_926_535;
  }
  if (Array.isArray(value)) {
    return value.map(personalize);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, personalize(v)]));
  }
  return value;
}

describe('an envelope without personal data', () => {
  test('contains no text from data or raw, for any shape of them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...eventTypes, 'unrecognized', 'no such type'),
        fc.record({ data: personalJson, raw: personalJson }),
        (type, parts) => {
          const text = JSON.stringify(redactEnvelope({ meta: { id: 'x:1', type }, ...parts }));
          expect(text).not.toContain('~');
        },
      ),
    );
  });

  test.each(eventTypes)('of a %s holds no text, number or address of its example', (type) => {
    const { meta, ...parts } = exampleDetail(type);
    const shown = redactEnvelope({ meta, ...(personalize(parts) as object) });
    const { meta: _, ...rest } = shown;
    expect(JSON.stringify(rest)).not.toMatch(/~|31415926535/);
    const plain = JSON.stringify(redactEnvelope({ meta, ...parts }));
    for (const number of JSON.stringify(parts).match(/\d{8,}(?=@)/g) ?? []) {
      expect(plain).not.toContain(number);
    }
  });

  test.each(contents)(
    'of a message with the content `%s` shows this word and no more',
    (content) => {
      const sent = exampleBody('message', contentExamples[content]);
      const { events } = normalizeWebhook(JSON.stringify(sent), {
        receivedAt: new Date(0),
        requestId: 'x',
      });
      const [event] = events;
      const shown = redactEnvelope({
        ...event,
        data: { ...(event?.data as object), unknown: '~' },
      });
      expect(shown.data).toMatchObject({ content });
      const personal = redactEnvelope({
        meta: { ...event?.meta, tags: { tenant: '~Acme~' }, account: { id: '~1~' } },
        data: personalize(event?.data),
      });
      expect(JSON.stringify(personal)).not.toMatch(/~|31415926535/);
    },
  );

  test('of a message still says what kind of chat it is in, in which direction, and when', () => {
    const shown = redactEnvelope(exampleDetail('message')) as Record<
      string,
      Record<string, unknown>
    >;
    expect(shown.data).toMatchObject({ direction: 'inbound', chat: { kind: 'user' } });
    expect(shown.meta).toMatchObject({ type: 'message', session: 'default' });
    expect(shown.raw).toMatch(/^‹object, \d+ fields›$/);
  });

  test('hides a field of meta that it does not know', () => {
    const { meta } = redactEnvelope({ meta: { id: 'a', phone: '12025550142' }, data: {} });
    expect(JSON.stringify(meta)).not.toContain('12025550142');
  });

  test('can be made from any value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        redactEnvelope(value);
      }),
    );
  });
});

describe('a hidden chat', () => {
  test('keeps two digits and the kind of its address', () => {
    expect(hideChat('12025550142@c.us')).toBe('…42@c.us');
    expect(hideChat('120363041234567890@g.us')).toBe('…90@g.us');
    expect(hideChat('status@broadcast')).toBe('status@broadcast');
    expect(hideChat('Ada Lovelace')).toBe('…');
    expect(hideChat('ada@example.com')).toBe('…');
  });

  test('never shows more than two of its digits', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^\d{5,15}$/), (odd, digits) => {
        for (const chat of [`${digits}@c.us`, `${odd}${digits}`, `${digits}${odd}@g.us`]) {
          expect(hideChat(chat).replaceAll(/\D/g, '').length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});

describe('the description of a message', () => {
  const message = readMessage({
    MessageId: 'm-1',
    Body: busEvent('message'),
    Attributes: { SentTimestamp: '1769860800000', ApproximateReceiveCount: '3' },
    MessageAttributes: {},
  });

  test('contains personal data only with reveal', () => {
    const chat = message.chat ?? '';
    expect(chat).toMatch(/^\d+@c\.us$/);
    const reported = JSON.stringify(describeMessage(message, { full: true }));
    expect(reported).not.toContain(chat.split('@')[0]);
    const revealed = JSON.stringify(describeMessage(message, { full: true, reveal: true }));
    expect(revealed).toContain(chat);
  });

  test("of another source's event contains only its header fields", () => {
    const untrusted = readMessage({
      Body: JSON.stringify({
        source: 'shop',
        'detail-type': 'order',
        id: '1',
        detail: { name: 'Ada' },
      }),
    });
    const reported = describeMessage(untrusted, { full: true });
    expect(reported.envelope).toMatchObject({ source: 'shop', 'detail-type': 'order' });
    expect(JSON.stringify(reported)).not.toContain('Ada');
  });
});

/** Text with what makes terminals and JSON stumble. */
const odd = fc.string({
  unit: fc.constantFrom(
    ...'aZ"\\ü😀\n\t\u0000\u001B\u007F\u0085\u009B\u200F\u2028\u202E\u2066\uD800',
  ),
});

describe('untrusted text on a terminal', () => {
  test('has no control characters, is one line and no longer than allowed', () => {
    fc.assert(
      fc.property(odd, fc.integer({ min: 1, max: 40 }), (text, length) => {
        const shown = printable(text, length);
        expect(shown).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
        expect(shown.length).toBeLessThanOrEqual(length);
      }),
    );
  });

  test('stays the same JSON, without control characters', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const json = printableJson({ text });
        expect(json).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
