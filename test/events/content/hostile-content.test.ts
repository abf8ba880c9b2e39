import { isDeepStrictEqual } from 'node:util';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { catalog, type EventType } from '../../../events/catalog.ts';
import { exampleBody } from '../../../events/example-webhook.ts';
import { contentExamples } from '../../../events/message/content-examples.docs.ts';
import { contents } from '../../../events/message/contents.ts';
import { readMoney } from '../../../events/message/money.ts';
import { readContacts } from '../../../events/message/vcards.ts';
import { unrecognizedData } from '../../../events/unrecognized.ts';
import { reportDrift } from '../../../lambdas/ingest/drift.ts';
import { normalize } from '../webhook.ts';

/** Something personal, which must be in no line of a log. */
const secret = 'Ada-Lovelace-12025550142';

/** Values that engines, or people who mean no good, might put anywhere. */
const oddValue = fc.constantFrom<unknown>(
  ...[null, '', 'me', secret, `${secret}@c.us`, '\ud800', '__proto__', '{"a":{"b":[1]}}', '{'],
  ...['[['.repeat(3_000), 0, -1, 1.5, 2, 14, 1e308, true, false, [], {}, [null], [[secret]]],
  ...[
    { low: -1, high: 2 ** 31 },
    { message: { conversation: secret } },
    { id: secret, ID: secret },
  ],
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
);

/** Names of fields that mean something to somebody who reads contents. */
const meaningful = fc.constantFrom(
  ...[
    'type',
    'message',
    'Message',
    'Info',
    'key',
    'contextInfo',
    'viewOnceMessage',
    'editedMessage',
  ],
  ...['protocolMessage', 'secretEncryptedMessage', 'orderMessage', 'listResponse', 'vcardList'],
  ...[
    'interactivePayload',
    'hydratedButtons',
    'mentionedJidList',
    'constructor',
    'messageStubType',
  ],
);

interface Change {
  readonly at: number;
  readonly name: string | undefined;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(200),
  name: fc.option(meaningful, { nil: undefined }),
  value: oddValue,
});

const types = fc.constantFrom<EventType>(
  ...(['message', 'message.any', 'message.waiting', 'message.edited', 'message.ack'] as const),
);

const body = fc
  .tuple(types, fc.constantFrom(...contents), fc.array(change, { maxLength: 6 }))
  .map(([type, content, changes]) => {
    const made = structuredClone(exampleBody(type, contentExamples[content]));
    for (const { at, name, value } of changes) {
      const places = objectsIn(made.payload);
      const object = places[at % places.length];
      const names = Object.keys(object ?? {});
      const field = name ?? names[at % names.length];
      if (object && field !== undefined) {
        object[field] = structuredClone(value);
      }
    }
    return made;
  });

function objectsIn(value: unknown, found: Record<string, unknown>[] = []) {
  if (typeof value !== 'object' || value === null) {
    return found;
  }
  if (!Array.isArray(value)) {
    found.push(value as Record<string, unknown>);
  }
  for (const inner of Object.values(value)) {
    objectsIn(inner, found);
  }
  return found;
}

describe('any engine’s object', () => {
  test('becomes an event that matches its schema, with a known content', () => {
    fc.assert(
      fc.property(body, (sent) => {
        for (const { meta, data } of normalize(sent).events) {
          const schema =
            meta.type === 'unrecognized'
              ? unrecognizedData()
              : catalog[meta.type as EventType].data();
          const parsed = v.safeParse(schema as v.GenericSchema, data);
          expect(parsed.success && isDeepStrictEqual(parsed.output, data)).toBe(true);
          if (/^message(\.any|\.waiting)?$/.test(meta.type)) {
            expect(contents).toContain((data as { content?: unknown }).content);
          }
        }
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('leaves no personal data in the log', () => {
    let printed = '';
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
      printed += String(line);
      return true;
    });
    const warn = jest.spyOn(console, 'warn').mockImplementation((...parts) => {
      printed += JSON.stringify(parts);
    });
    try {
      fc.assert(
        fc.property(body, fc.constantFrom(secret, `+12025550142`), (sent, name) => {
          for (const _data of [{ type: name }, { key: {}, message: { [name]: { x: 1 } } }]) {
            const { payload, ...rest } = sent;
            reportDrift(normalize({ ...rest, payload: { ...(payload as object), _data } }).drift);
          }
        }),
        { numRuns: 500 },
      );
    } finally {
      write.mockRestore();
      warn.mockRestore();
    }
    expect(printed).toContain('UnknownFields');
    expect(printed).not.toContain('12025550142');
  });
});

describe('a contact card', () => {
  const line = fc.oneof(
    fc.constantFrom('BEGIN:VCARD', 'END:VCARD', 'VERSION:3.0', 'FN:Ada', 'TEL;waid=1:+1', 'TEL:'),
    fc.constantFrom('__proto__:x', 'constructor;a=b:c', 'ORG:;;', 'N:;;;', ' folded', ';;;', ':'),
    fc.string(),
  );

  test('is read, or only its name, whatever it contains', () => {
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
        const [contact] = readContacts([{ name: 'Ada', vcard: lines.join(end) }]);
        expect(contact?.name).toEqual(expect.any(String));
        for (const phone of contact?.phones ?? []) {
          expect(phone).toMatch(/^\+[1-9]\d{4,14}$/);
        }
      }),
    );
  });

  test('of blanks or of great length takes linear time', () => {
    for (const filler of [' ', '\t', '\n ', '\r\n', ';', ':', 'A', 'a=b;', '\u00a0']) {
      const text = `BEGIN:VCARD\nVERSION:3.0\nFN:${filler.repeat(60_000)}x\nEND:VCARD`;
      expect(readContacts([{ name: 'Ada', vcard: text }])).toHaveLength(1);
    }
  });
});

describe('an amount', () => {
  test.each([
    [45500, 'USD', '45.50'],
    ['45505', 'USD', '45.505'],
    [0, 'EUR', '0.00'],
    [999, 'EUR', '0.999'],
    [8000000, 'JPY', '8000'],
    [8000500, 'JPY', '8000.5'],
    [1234, 'KWD', '1.234'],
    [{ low: 45500, high: 0, unsigned: false }, 'USD', '45.50'],
  ])('of %j thousandths in %s is %s', (thousandths, currency, amount) => {
    expect(readMoney(thousandths, currency)).toStrictEqual({ amount, currency });
  });

  test('is absent without a currency, below zero, or beyond exact numbers', () => {
    for (const value of [-1, 1.5, 2 ** 60, 'ten', null, undefined, { low: 'x' }]) {
      expect(readMoney(value, 'USD')).toBeUndefined();
    }
    for (const currency of ['', 'usd', 'DOLLAR', null, 7]) {
      expect(readMoney(1, currency)).toBeUndefined();
    }
  });

  test('can be converted back to its thousandths', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        (thousandths, currency) => {
          const { amount = '' } = readMoney(thousandths, currency) ?? {};
          const [full = '', fraction = ''] = amount.split('.');
          expect(BigInt(full + fraction.padEnd(3, '0'))).toBe(BigInt(thousandths));
        },
      ),
    );
  });
});
