import fc from 'fast-check';
import { type EventType, eventTypes } from '../../../events/catalog.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** One thing done to a body: at the `at`-th place in it, counted round. */
interface Change {
  readonly at: number;
  readonly how: 'drop' | 'replace' | 'add';
  readonly value: unknown;
}

/** Values that a sender of another version may put anywhere. */
const untrustedValue = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e308, true, false, [], {}, [null], 'me', '...'),
  fc.constantFrom<unknown>(
    '12025550142@s.whatsapp.net',
    '206158430200142:7@lid',
    '120363020000000042@g.us',
    'status@broadcast',
    'false_12025550142@c.us_3EB0C8A41F5D7E9B20A1',
    { _serialized: '12025550142@c.us' },
    1767268800,
    1767268800123,
    1767268800.5,
    '1767268800',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(500),
  how: fc.constantFrom('drop', 'replace', 'add'),
  value: untrustedValue,
});

/**
 * Webhook bodies of all event types, as both senders send them and with up to `maxChanges` places dropped,
 * replaced by anything, or with unknown fields beside them.
 */
export function arbitraryWebhook(maxChanges: number): fc.Arbitrary<Json> {
  return fc
    .tuple(
      fc.constantFrom<EventType>(...eventTypes),
      fc.constantFrom('waha' as const, 'wawp' as const),
      fc.array(change, { maxLength: maxChanges }),
    )
    .map(([type, sender, changes]) => {
      const body = exampleWebhook(type, sender) as unknown as Json;
      for (const each of changes) {
        apply(body, each);
      }
      return body;
    });
}

interface Place {
  readonly container: Json[] | { [name: string]: Json };
  readonly name: string;
}

function apply(body: Json, { at, how, value: shared }: Change): void {
  const value = structuredClone(shared) as Json;
  const places = placesIn(body).filter(({ name }) => name !== 'event');
  const place = places[at % Math.max(places.length, 1)];
  if (!place) {
    return;
  }
  const container = place.container as { [name: string]: Json };
  if (how === 'replace') {
    container[place.name] = value;
  } else if (how === 'add') {
    container[`unknown${at}`] = value;
  } else if (!Array.isArray(place.container)) {
    delete container[place.name];
  }
}

function placesIn(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) => [
    { container: value, name },
    ...placesIn(inner),
  ]);
}
