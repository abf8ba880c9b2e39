import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalog, eventTypes } from '../../../events/catalog.ts';
import type { Envelope } from '../../../events/envelope.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { fingerprint } from '../../../events/fingerprint.ts';
import { completeEvent, incompleteIn } from '../../../events/identity/complete.ts';
import { pairsIn } from '../../../events/identity/learn.ts';
import { addressesIn } from '../../../events/identity/map-addresses.ts';
import { arbitraryWebhook } from '../../tools/docs/arbitrary-webhook.ts';
import { normalize, onlyEvent, wahaBody } from '../webhook.ts';

const lid = '206158430200142@lid';
const phone = '+12025550142';
const both = { kind: 'user', id: '12025550142@c.us', phone, lid };
const known = new Map([
  [lid, phone],
  [phone, lid],
]);

const reaction = onlyEvent(
  wahaBody('message.reaction', {
    ...{ id: `false_${lid}_3A`, from: lid, fromMe: false, timestamp: 1769904000 },
    reaction: { text: '👍', messageId: `true_${lid}_3EB0` },
  }),
);

/** An event with one half of everything that is known of anybody. */
const knownOf = (event: Envelope) => {
  const pairs = incompleteIn(event).map((half, index) =>
    half.startsWith('+') ? [half, `9000${index}@lid`] : [half, `+1999555${1000 + index}`],
  );
  return new Map(pairs as [string, string][]);
};

const anyEvents = arbitraryWebhook(3).map((body) => normalize(body).events);

describe('an event with only a LID', () => {
  test('gets the phone number and the chat, once the pair is known', () => {
    expect(incompleteIn(reaction)).toStrictEqual([lid]);
    const completed = completeEvent(reaction, known);
    expect(completed.meta.chat).toBe('12025550142@c.us');
    expect(completed.data).toMatchObject({ chat: both, author: both });
  });

  test('keeps the ids of messages as the sender has given them', () => {
    const { data } = completeEvent(reaction, known);
    expect(data).toMatchObject({ messageId: { chat: lid }, target: { chat: lid } });
  });

  test('is not changed if the pair is unknown', () => {
    expect(completeEvent(reaction, new Map())).toBe(reaction);
  });
});

test('an event with only a phone number keeps its chat, and gets the LID', () => {
  const event = onlyEvent(wahaBody('presence.update', { id: '12025550142@c.us', presences: [] }));
  const completed = completeEvent(event, known);
  expect(completed.meta.chat).toBe(event.meta.chat);
  expect(completed.data).toMatchObject({ chat: both });
});

test('an object that only looks like an address is not changed', () => {
  const looksLikeOne = { kind: 'user', id: lid, lid };
  const event = onlyEvent(
    wahaBody('engine.event', { event: 'any', data: { ...looksLikeOne, chat: looksLikeOne } }),
  );
  expect(completeEvent(event, known)).toBe(event);
  expect(incompleteIn(event)).toStrictEqual([]);
});

describe('every event type', () => {
  test.each(eventTypes.filter((type) => catalog[type].chat))(
    '%s has its chat among the addresses that are completed',
    (type) => {
      for (const sender of ['waha', 'wawp'] as const) {
        const { meta, data } = onlyEvent(exampleWebhook(type, sender));
        const ids = addressesIn(type, data).map(({ id }) => id);
        if (meta.chat !== undefined) {
          expect(ids).toContain(meta.chat);
        }
      }
    },
  );

  test('is complete if all pairs are known, and has no other address', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const event of events) {
          const map = knownOf(event);
          const completed = completeEvent(event, map);
          expect(incompleteIn(completed)).toStrictEqual([]);
          expect(completed.meta.chat).toBe(
            map.get(event.meta.chat ?? '')?.replace(/^\+(\d+)$/, '$1@c.us') ?? event.meta.chat,
          );
          const before = addressesIn(event.meta.type, event.data);
          addressesIn(completed.meta.type, completed.data).forEach((address, index) => {
            const { phone, lid } = before[index] ?? {};
            expect(address.phone).toBe(phone ?? (lid && map.get(lid)));
            expect(address.lid).toBe(lid ?? (phone && map.get(phone)));
          });
        }
      }),
    );
  });

  test('keeps its id and the hash of its content', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const event of events) {
          const completed = completeEvent(event, knownOf(event));
          expect(completed.meta.id).toBe(event.meta.id);
          expect(fingerprint(completed.data)).toBe(fingerprint(event.data));
        }
      }),
    );
  });

  test('is the same whether its own pairs are learned before or after it is completed', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const event of events) {
          const asMap = (pairs: ReturnType<typeof pairsIn>) =>
            new Map(
              pairs.flatMap(({ lid, phone }) => [[lid, phone] as const, [phone, lid] as const]),
            );
          const own = asMap(pairsIn(event));
          const others = knownOf(completeEvent(event, own));
          const inTwoSteps = completeEvent(completeEvent(event, own), others);
          const atOnce = completeEvent(event, new Map([...others, ...own]));
          expect(inTwoSteps).toStrictEqual(atOnce);
          // A second time changes nothing.
          expect(completeEvent(atOnce, new Map([...others, ...own]))).toBe(atOnce);
        }
      }),
    );
  });
});
