import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { busDocs, catalogDocs } from '../../events/catalog.docs.ts';
import {
  catalog,
  categories,
  eventTypes,
  mergeCategories,
  typesInCategory,
} from '../../events/catalog.ts';
import { callsDocs } from '../../events/categories/calls.docs.ts';
import { calls } from '../../events/categories/calls.ts';
import type { AnyFieldDocs, FieldDoc } from '../../events/event-type-docs.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalize, onlyEvent } from './webhook.ts';

/** The event types that the project was asked for, and those that the senders send beside them. */
const requestedAttributes = [
  'session.status',
  'message',
  'message.any',
  'message.reaction',
  'message.ack',
  'message.revoked',
  'message.edited',
  'group.v2.join',
  'group.v2.leave',
  'group.v2.update',
  'group.v2.participants',
  'presence.update',
  'poll.vote.failed',
  'chat.archive',
  'call.received',
  'call.accepted',
  'call.rejected',
  'label.upsert',
  'label.deleted',
  'label.chat.added',
  'label.chat.deleted',
  'event.response',
  'event.response.failed',
  'engine.event',
  'message.ack.group',
  'message.waiting',
  'poll.vote',
  'group.join',
  'group.leave',
  'state.change',
  'group.v2.participants.join-request',
];

describe('the catalog', () => {
  test('has every event type once, in one category', () => {
    expect(eventTypes).toEqual(expect.arrayContaining(requestedAttributes));
    expect(new Set(eventTypes).size).toBe(eventTypes.length);
    expect(categories.flatMap((category) => typesInCategory(category))).toStrictEqual(eventTypes);
    for (const category of categories) {
      for (const type of typesInCategory(category)) {
        expect(catalog[type].category).toBe(category);
      }
    }
  });

  test('refuses an event type that two categories define', () => {
    expect(() =>
      mergeCategories({ calls, rings: { 'call.received': calls['call.received'] } }),
    ).toThrow(
      'The event type "call.received" is listed twice: in calls and in rings. List it once.',
    );
    expect(() => mergeCategories({ calls: callsDocs, rings: callsDocs })).toThrow(
      'The event type "call.received" is listed twice: in calls and in rings. List it once.',
    );
  });

  test('accepts an event type with the name of an inherited property', () => {
    const merged = mergeCategories({ odd: { constructor: calls['call.received'] } });
    expect(merged.constructor).toMatchObject({ category: 'odd' });
  });

  test('cannot be changed at run time', () => {
    expect(() => Object.assign(catalog, { message: undefined })).toThrow();
  });
});

describe.each(eventTypes)('the event type %s', (type) => {
  const definition = catalog[type];

  test.each(['waha', 'wawp'] as const)(
    'has an example of %s that is recognized and has no unknown fields',
    (sender) => {
      const body = exampleWebhook(type, sender);
      const { events, drift } = normalize(body);
      const [event] = events;
      expect(event?.meta).toMatchObject({
        type,
        sender,
        engine: catalogDocs[type].examples[sender].engine,
      });
      expect(drift).toStrictEqual({ unknownEvents: [], unknownFields: [] });
      expect(v.parse(definition.data(), event?.data)).toStrictEqual(event?.data);
      expect(Object.keys(event?.data ?? {})).not.toHaveLength(0);
      expect(event?.raw).toStrictEqual(body);
    },
  );

  test('documents in one sentence what it reports, its variants, and its key', () => {
    const { summary, variants, key } = catalogDocs[type];
    expect(summary).toMatch(/^[A-Z].*\.$/s);
    expect(variants.length).toBeGreaterThan(0);
    for (const variant of variants) {
      expect(variant).toMatch(/\.$/);
    }
    expect(key).toMatch(/\.$/);
  });
});

describe('an example', () => {
  test('is a new object each time, which the caller may change', () => {
    const one = exampleWebhook('message', 'waha');
    (one.payload as { body: string }).body = 'changed';
    expect(exampleWebhook('message', 'waha').payload).toHaveProperty(
      'body',
      'Is the blue one still in stock?',
    );
  });

  test('has a different event id for each event type and sender, or the given one', () => {
    const ids = eventTypes.flatMap((type) => [
      exampleWebhook(type, 'waha').id,
      exampleWebhook(type, 'wawp').id,
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{26}$/);
    }
    const body = exampleWebhook('message', 'waha', {
      id: 'evt_x',
      session: 'shop',
      timestamp: 1769932800000,
    });
    expect(onlyEvent(body).meta).toMatchObject({ senderEventId: 'evt_x', session: 'shop' });
  });

  test('uses only phone numbers that are reserved for fiction', () => {
    const text = eventTypes
      .map((type) => JSON.stringify([exampleWebhook(type, 'waha'), exampleWebhook(type, 'wawp')]))
      .join();
    const phones = text.match(/\d{8,}(?=(:\d+)?@(c\.us|s\.whatsapp\.net))/g) ?? [];
    expect(phones.length).toBeGreaterThan(50);
    for (const phone of phones) {
      expect(phone).toMatch(/^(447700900\d{3}|120255501\d{2})$/);
    }
  });
});

describe('the docs of the catalog', () => {
  test('have one entry for each event type, in the catalog’s order', () => {
    expect(Object.keys(catalogDocs)).toStrictEqual(eventTypes);
  });

  test.each(Object.entries(busDocs))(
    'describe the fields of %s in full sentences, and their absence in a phrase',
    (_type, { data }) => {
      const all = fieldsOf(data);
      expect(all.length).toBeGreaterThan(0);
      for (const { description, unit, absent, source } of all) {
        expect(description).toMatch(/^[A-Z`].*\.$/s);
        for (const part of [unit, absent, source]) {
          expect(part ?? '…').toMatch(/[^.]$/);
        }
      }
    },
  );
});

const fieldsOf = (docs: AnyFieldDocs): readonly FieldDoc[] =>
  Object.values(docs).flatMap((doc) => [doc, ...fieldsOf(doc.fields ?? {})]);
