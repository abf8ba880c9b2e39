import { isDeepStrictEqual } from 'node:util';
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { catalog, eventTypes } from '../../events/catalog.ts';
import type { Envelope } from '../../events/envelope.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { unrecognizedData } from '../../events/unrecognized.ts';
import { context } from './webhook.ts';

const runs = { numRuns: 10_000 };
const encoder = new TextEncoder();

const eventsOf = (text: string) => normalizeWebhook(encoder.encode(text), context).events;

/** Values that senders, or people who mean no good, might put anywhere. */
const oddValue: fc.Arbitrary<unknown> = fc.constantFrom(
  null,
  '',
  'me',
  '0@c.us',
  '12025550142@c.us',
  '206158430200142:9@lid',
  '120363020000000042@g.us',
  'true_12025550142@c.us_3EB0AA',
  'false_120363020000000042@g.us_3EB0AA_206158430200142@lid',
  '\ud800',
  '1767268800',
  0,
  -1,
  3,
  1.5,
  1e308,
  1767268800.5,
  1767268800000,
  true,
  false,
  [],
  {},
  ['x'],
  [null],
  { '0': 'x' },
  { _serialized: '12025550142@c.us' },
  { id: 'A', fromMe: true, remoteJid: '12025550142@s.whatsapp.net' },
);

interface Change {
  readonly at: number;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({ at: fc.nat(200), value: oddValue });

const engine = fc.constantFrom('WEBJS', 'WPP', 'NOWEB', 'GOWS', 'VENOM', null);

/** The catalog's examples as text, from which each run reads its own. */
const examples = eventTypes.flatMap((type) =>
  (['waha', 'wawp'] as const).map((sender) => JSON.stringify(exampleWebhook(type, sender))),
);

/** A body of the catalog's examples, with some values changed. */
const changedBody = fc
  .tuple(fc.constantFrom(...examples), engine, fc.array(change, { maxLength: 4 }))
  .map(([text, name, changes]) => {
    const body: Record<string, unknown> = { ...JSON.parse(text), engine: name };
    for (const { at, value } of changes) {
      const places = placesIn(body);
      const place = places[at % places.length];
      if (place) {
        place.object[place.name] =
          isObject(value) || Array.isArray(value) ? structuredClone(value) : value;
      }
    }
    return body;
  });

interface Place {
  readonly object: Record<string, unknown>;
  readonly name: string;
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) {
    return found;
  }
  for (const name of Object.keys(value)) {
    if (name !== 'event') {
      found.push({ object: value as Record<string, unknown>, name });
    }
    placesIn((value as Record<string, unknown>)[name], found);
  }
  return found;
}

/** Whether data is what its schema says, and nothing beside. */
function keepsToSchema({ meta, data }: Envelope): boolean {
  const { type } = meta;
  // What only this project derives is never made of a webhook.
  if (type === 'call.missed') {
    return false;
  }
  const schema = type === 'unrecognized' ? unrecognizedData() : catalog[type].data();
  const result = v.safeParse(schema as v.GenericSchema, data);
  return result.success && isDeepStrictEqual(result.output, data);
}

describe('normalization', () => {
  test('never throws, and returns an envelope, for any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(bytes, (body) => normalizeWebhook(body, context).events.length > 0),
      runs,
    );
  });

  test('never throws, and returns an envelope, for any JSON as a body and as a payload', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (text) => {
        const [event] = eventsOf(`{"event":"message","payload":${text}}`);
        return eventsOf(text).every(keepsToSchema) && event !== undefined && keepsToSchema(event);
      }),
      runs,
    );
  });

  test('returns data that matches its schema, keeps the full body, and is deterministic', () => {
    fc.assert(
      fc.property(changedBody, (body) => {
        const text = JSON.stringify(body);
        const [event] = eventsOf(text);
        const [again] = eventsOf(text);
        return (
          event !== undefined &&
          keepsToSchema(event) &&
          isDeepStrictEqual(event, again) &&
          isDeepStrictEqual(event.raw, JSON.parse(text))
        );
      }),
      runs,
    );
  });
});

describe('an idempotency key', () => {
  const idOf = (body: unknown, space?: number) =>
    eventsOf(JSON.stringify(body, null, space))[0]?.meta.id;

  test('is the same with another order of keys, other white space and unknown fields, and different in another session', () => {
    fc.assert(
      fc.property(changedBody, oddValue, fc.nat(), (body, value, seed) => {
        const [event] = eventsOf(JSON.stringify(body));
        fc.pre(event?.meta.type !== 'unrecognized' && event?.meta.senderEventId !== undefined);
        const { payload } = body;
        const more = { ...body, unknown1: value, payload: withUnknown(payload, value) };
        return (
          idOf(shuffled(body, seed), 1) === event.meta.id &&
          idOf(more) === event.meta.id &&
          idOf({ ...body, session: `${event.meta.session}2` }) !== event.meta.id
        );
      }),
      runs,
    );
  });
});

function withUnknown(payload: unknown, value: unknown): unknown {
  return isObject(payload) ? { ...payload, unknown2: value } : payload;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same value with its fields in another order, which the seed decides. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => shuffled(item, seed));
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value);
  const unit = seed % (entries.length || 1);
  const turned = [...entries.slice(unit), ...entries.slice(0, unit)].reverse();
  return Object.fromEntries(turned.map(([name, inner]) => [name, shuffled(inner, seed)]));
}
