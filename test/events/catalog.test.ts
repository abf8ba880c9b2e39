import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import {
  catalog,
  categories,
  eventTypes,
  mergeCategories,
  typesInCategory,
} from '../../events/catalog.ts';
import { calls } from '../../events/categories/calls.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalize, onlyEvent } from './webhook.ts';

/** The kinds that the project was asked for, and those that the senders send beside them. */
const ASKED_FOR = [
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
  test('has every kind once, in one category', () => {
    expect(eventTypes).toEqual(expect.arrayContaining(ASKED_FOR));
    expect(new Set(eventTypes).size).toBe(eventTypes.length);
    expect(categories.flatMap((category) => typesInCategory(category))).toStrictEqual(eventTypes);
    for (const category of categories) {
      for (const type of typesInCategory(category)) expect(catalog[type].category).toBe(category);
    }
  });

  test('refuses a kind that two categories list', () => {
    expect(() =>
      mergeCategories({ calls, rings: { 'call.received': calls['call.received'] } }),
    ).toThrow('The kind "call.received" is listed twice: in calls and in rings. List it once.');
  });

  test('can be merged with a kind named like a property of all objects', () => {
    const merged = mergeCategories({ odd: { constructor: calls['call.received'] } });
    expect(merged.constructor).toMatchObject({ category: 'odd' });
  });

  test('does not let anybody change it', () => {
    expect(() => Object.assign(catalog, { message: undefined })).toThrow();
  });
});

describe.each(eventTypes)('the kind %s', (type) => {
  const kind = catalog[type];

  test.each(['waha', 'wawp'] as const)(
    'has an example of %s that is recognized, with nothing unknown in it',
    (sender) => {
      const body = exampleWebhook(type, sender);
      const { events, drift } = normalize(body);
      const [event] = events;
      expect(event?.meta).toMatchObject({ type, sender, engine: kind.examples[sender].engine });
      expect(drift).toStrictEqual({ unknownEvents: [], unknownFields: [] });
      expect(v.parse(kind.data(), event?.data)).toStrictEqual(event?.data);
      expect(Object.keys(event?.data ?? {})).not.toHaveLength(0);
      expect(event?.raw).toStrictEqual(body.payload);
    },
  );

  test('says in one sentence when it comes, how senders differ, and what its key is made of', () => {
    expect(kind.summary).toMatch(/^[A-Z].*\.$/s);
    expect(kind.variants.length).toBeGreaterThan(0);
    for (const variant of kind.variants) expect(variant).toMatch(/\.$/);
    expect(kind.key.rule).toMatch(/\.$/);
  });

  test('says of every field of its data what it is', () => {
    const undocumented = fieldsOf(kind.data() as unknown as Documented, type).filter(
      ([, schema]) => !descriptionOf(schema),
    );
    expect(undocumented.map(([path]) => path)).toStrictEqual([]);
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

  test('has an event id of its own for each kind and sender, and takes another', () => {
    const ids = eventTypes.flatMap((type) => [
      exampleWebhook(type, 'waha').id,
      exampleWebhook(type, 'wawp').id,
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{26}$/);
    const body = exampleWebhook('message', 'waha', {
      id: 'evt_x',
      session: 'shop',
      timestamp: 1769932800000,
    });
    expect(onlyEvent(body).meta).toMatchObject({ senderEventId: 'evt_x', session: 'shop' });
  });

  test('uses only numbers that are kept for fiction', () => {
    const text = eventTypes
      .map((type) => JSON.stringify([exampleWebhook(type, 'waha'), exampleWebhook(type, 'wawp')]))
      .join();
    const phones = text.match(/\d{8,}(?=(:\d+)?@(c\.us|s\.whatsapp\.net))/g) ?? [];
    expect(phones.length).toBeGreaterThan(50);
    for (const phone of phones) expect(phone).toMatch(/^(447700900\d{3}|120255501\d{2})$/);
  });
});

interface Documented {
  readonly entries?: Readonly<Record<string, Documented>>;
  readonly wrapped?: Documented;
  readonly item?: Documented;
  readonly pipe?: readonly { readonly type: string; readonly description?: string }[];
}

function descriptionOf(schema: Documented): string | undefined {
  const inner = schema.wrapped ?? schema;
  return inner.pipe?.find(({ type }) => type === 'description')?.description;
}

function fieldsOf(schema: Documented, path: string): [string, Documented][] {
  const inner = schema.wrapped ?? schema;
  if (inner.item) return fieldsOf(inner.item, `${path}[]`);
  return Object.entries(inner.entries ?? {}).flatMap(([name, field]) => [
    [`${path}.${name}`, field] as [string, Documented],
    ...fieldsOf(field, `${path}.${name}`),
  ]);
}
