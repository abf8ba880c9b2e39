import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Address } from '../../events/address.ts';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { canBeSame, factKey, idOf } from '../../events/fact-key.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { type BodyFields, context, isOneFact, normalize, onlyEvent, wahaBody } from './webhook.ts';

const phoneAddress = '12025550142@c.us';
const lidAddress = '206158430200142@lid';

const key = (event: string, payload: unknown, fields?: BodyFields) =>
  onlyEvent(wahaBody(event, payload, fields)).meta.id;

const first: BodyFields = { id: 'evt_01kdwr7v000000000000000001', timestamp: 1769932800001 };
const second: BodyFields = { id: 'evt_01kdwr7v000000000000000002', timestamp: 1769932800002 };

describe('a missing id', () => {
  test.each(eventTypes)('in an empty payload is replaced by event id and time: %s', (type) => {
    expect(key(type, {}, first)).not.toBe(key(type, {}, second));
    expect(key(type, {}, first)).toBe(key(type, {}, first));
    expect(key(type, {}, first)).not.toBe(key(type, {}, { ...first, session: 'other' }));
  });

  test.each(eventTypes)(
    'that is a placeholder event id does not make two events one: %s',
    (type) => {
      const placeholder = { id: 'evt_01...', timestamp: 1634567890123 };
      const other = eventTypes.find(
        (name) => name !== type && !(name.startsWith('message') && type.startsWith('message')),
      );
      expect(key(type, {}, placeholder)).not.toBe(key(other ?? '', {}, placeholder));
    },
  );

  test('that is a placeholder message id does not make two messages one', () => {
    const of = (body: string) => ({
      id: `false_${phoneAddress}_...`,
      newBody: body,
      prevBody: 'x',
    });
    const placeholder = { id: 'evt_01...', timestamp: 1634567890123 };
    expect(key('message.edited', of('a'), placeholder)).not.toBe(
      key('message.edited', of('b'), placeholder),
    );
  });

  test('and other data with the same event id is another fact', () => {
    expect(key('session.status', { status: 'WORKING' }, first)).not.toBe(
      key('session.status', { status: 'FAILED' }, first),
    );
  });

  test.each(eventTypes)('and a missing time leave the event without a key: %s', (type) => {
    const text = JSON.stringify(wahaBody(type, {}, { id: undefined, timestamp: undefined }));
    const of = (requestId: string) => normalizeWebhook(text, { ...context, requestId });
    expect(of('a').keys).toEqual([undefined]);
    expect(of('a').events[0]?.meta.id).toBe(of('a').events[0]?.meta.id);
    expect(of('a').events[0]?.meta.id).not.toBe(of('b').events[0]?.meta.id);
  });

  test('in the sender’s envelope does not matter if the payload identifies the fact', () => {
    const call = { id: 'C1', from: phoneAddress };
    const old = wahaBody('call.received', call, { id: undefined, timestamp: undefined });
    expect(isOneFact(old, wahaBody('call.received', call, first))).toBe(true);
  });
});

/** What may be known of a person; few values, so that they often meet. */
const person = fc.record(
  {
    phone: fc.constantFrom('12025550142', '447700900123'),
    lid: fc.constantFrom('206158430200142', '99887766554433'),
  },
  { requiredKeys: [] },
);

type Known = { readonly phone?: string; readonly lid?: string };

const differ = (one: Known, other: Known) =>
  (one.phone !== undefined && other.phone !== undefined && one.phone !== other.phone) ||
  (one.lid !== undefined && other.lid !== undefined && one.lid !== other.lid);

/** A message as NOWEB names both addresses. */
function messageOf(chat: Known, author?: Known) {
  const phone = ({ phone }: Known) => phone && `${phone}@s.whatsapp.net`;
  const hidden = ({ lid }: Known) => lid && `${lid}@lid`;
  const key = author
    ? { remoteJid: group, participant: phone(author), participantLid: hidden(author) }
    : { remoteJid: phone(chat) ?? hidden(chat), remoteJidAlt: hidden(chat) };
  return wahaBody('message', {
    ...{ id: 'ONE', fromMe: false, body: 'Hi', from: key.remoteJid },
    _data: { key },
  });
}

const group = '120363020000000042@g.us';

describe('two messages with one bare id', () => {
  test('are the same exactly if the chats, and in groups the authors, can be the same', () => {
    fc.assert(
      fc.property(person, person, fc.boolean(), (one, other, inGroup) => {
        fc.pre(inGroup || Object.keys(one).length * Object.keys(other).length > 0);
        const [a, b] = inGroup
          ? [messageOf({}, one), messageOf({}, other)]
          : [messageOf(one), messageOf(other)];
        expect(isOneFact(a, b)).toBe(!differ(one, other));
        if (differ(one, other)) {
          expect(onlyEvent(a).meta.id).not.toBe(onlyEvent(b).meta.id);
        }
      }),
    );
  });

  test('in a group and in a direct chat are two messages', () => {
    fc.assert(
      fc.property(person, person, (author, chat) => {
        fc.pre(Object.keys(chat).length > 0);
        return !isOneFact(messageOf({}, author), messageOf(chat));
      }),
    );
  });
});

describe('parties', () => {
  const address: fc.Arbitrary<Address | undefined> = fc.option(
    fc.oneof(
      person.map(({ phone, lid }) => ({
        ...{ kind: 'user' as const, id: 'x' },
        ...(phone ? { phone: `+${phone}` } : {}),
        ...(lid ? { lid: `${lid}@lid` } : {}),
      })),
      fc.constantFrom(group, 'status@broadcast').map((id) => ({ kind: 'group' as const, id })),
    ),
    { nil: undefined },
  );
  const addresses = fc.array(address, { minLength: 2, maxLength: 3 });

  test('can be the same in both directions, and are the same as themselves', () => {
    fc.assert(
      fc.property(addresses, addresses, (one, other) => {
        const [a, b] = [factKey('x', [1], one), factKey('x', [1], other)];
        expect(canBeSame(a.parties, b.parties)).toBe(canBeSame(b.parties, a.parties));
        expect(canBeSame(a.parties, a.parties)).toBe(true);
        if (!canBeSame(a.parties, b.parties)) {
          expect(idOf(a)).not.toBe(idOf(b));
        }
      }),
    );
  });

  test('contain no phone number, and have a different hash in every fact', () => {
    const phone = {
      kind: 'user',
      id: phoneAddress,
      phone: '+12025550142',
      lid: lidAddress,
    } as const;
    const [one, other] = [factKey('x', [1], [phone]), factKey('x', [2], [phone])];
    expect(JSON.stringify(one)).not.toMatch(/12025550142|206158430200142/);
    expect(one.parties[0]?.phone).not.toBe(other.parties[0]?.phone);
    expect(one.parties[0]?.lid).not.toBe(other.parties[0]?.lid);
  });

  test('as bare digits are phone numbers', () => {
    const of = (id: string) => factKey('x', [1], [{ kind: 'other', id }]).parties;
    const phone = { kind: 'user', id: phoneAddress, phone: '+12025550142' } as const;
    expect(of('12025550142')).toEqual(factKey('x', [1], [phone]).parties);
    expect(of('+12025550142')).toEqual(factKey('x', [1], [phone]).parties);
  });
});

describe('a key', () => {
  test.each(eventTypes)('does not depend on order, white space or unknown fields: %s', (type) => {
    const body = JSON.parse(JSON.stringify(exampleWebhook(type, 'waha')));
    const [key] = normalize(body).keys;
    expect(key).toBeDefined();
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.nat(20)),
        fc.jsonValue(),
        fc.nat(4),
        (order, extra, space) => {
          const more = { ...body, unknown1: extra, payload: withUnknown(body.payload, extra) };
          const text = JSON.stringify(shuffled(more, order), null, space);
          expect(normalize(text).keys).toEqual([key]);
        },
      ),
      { numRuns: 20 },
    );
  });

  test.each(eventTypes)('is short, printable, and reveals nothing of the content: %s', (type) => {
    for (const sender of ['waha', 'wawp'] as const) {
      const { id } = onlyEvent(exampleWebhook(type, sender)).meta;
      expect(id).toMatch(/^[a-z0-9.-]+:[0-9a-f]{40}$/);
      expect(id.length).toBeLessThanOrEqual(128);
      expect(id).not.toMatch(/12025550142|447700900/);
    }
  });

  test('separates its parts, whatever characters they contain', () => {
    expect(key('call.received', { id: 'a","b' }, { session: 's' })).not.toBe(
      key('call.received', { id: 'b' }, { session: 's","a' }),
    );
  });
});

/** The payload with a field that nobody knows; a list keeps its items. */
function withUnknown(payload: unknown, extra: unknown): unknown {
  return Array.isArray(payload) ? payload : { ...(payload as object), unknown2: extra };
}

/** The same value with its fields in an order that the stream decides. */
function shuffled(value: unknown, order: fc.Stream<number>): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => shuffled(item, order));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fields = Object.entries(value).map(([name, inner]) => {
    const { value: place = 0 } = order.next();
    return { place, field: [name, shuffled(inner, order)] as const };
  });
  return Object.fromEntries(fields.sort((a, b) => a.place - b.place).map(({ field }) => field));
}
