import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { serializeEnvelope } from '../../../events/serialize-envelope.ts';
import { documentedEventTypes } from '../../../tools/docs/documented-event-type.ts';
import type { JsonSchema } from '../../../tools/docs/documented-schema.ts';
import { detailSchema } from '../../../tools/docs/documented-schema.ts';
import { arbitraryWebhook } from './arbitrary-webhook.ts';

const documented = documentedEventTypes();

/** Formats are annotations in draft 2020-12; the patterns beside them are what is checked. */
const ajv = new Ajv2020({ strict: true, validateFormats: false });

/** As published, and with every field forbidden in `meta` and `data` that the schema does not name. */
const validators = new Map(
  documented.map((eventType) => {
    const { $id: _, ...schema } = detailSchema(eventType);
    return [
      eventType.type,
      { open: ajv.compile(schema), closed: ajv.compile(closed(schema)) },
    ] as const;
  }),
);

function closed(value: unknown): JsonSchema {
  if (Array.isArray(value)) {
    return value.map(closed) as unknown as JsonSchema;
  }
  if (typeof value !== 'object' || value === null) {
    return value as unknown as JsonSchema;
  }
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, closed(each)]),
  );
  return 'properties' in value ? { ...inner, additionalProperties: false } : inner;
}

/** What is wrong with a detail as it is on the bus. Names places, not values. */
function faultsOf(text: string, which: 'open' | 'closed' = 'closed'): unknown {
  const detail: { meta: { type: string } } = JSON.parse(text);
  const validate: ValidateFunction | undefined = validators.get(detail.meta.type)?.[which];
  if (!validate) {
    return `no schema for ${detail.meta.type}`;
  }
  return validate(detail) ? undefined : validate.errors;
}

/** As `expect(…).toBeUndefined()`, which would take most of the time of 10,000 runs. */
function refuseFaults(text: string): void {
  const faults = faultsOf(text);
  if (faults) {
    throw new Error(JSON.stringify(faults));
  }
}

const request = { receivedAt: new Date('2026-01-01T12:00:00.000Z'), requestId: 'request' };

function detailsOf(body: unknown): string[] {
  const bytes = Buffer.from(JSON.stringify(body));
  return normalizeWebhook(bytes, request).events.map((event) => serializeEnvelope(event));
}

describe('the JSON Schema of an event type', () => {
  test.each(documented.map((eventType) => [eventType.type, eventType] as const))(
    'of %s accepts its examples, and is the one in docs/schemas',
    (type, eventType) => {
      for (const { detail } of eventType.examples) {
        expect(faultsOf(JSON.stringify(detail), 'open')).toBeUndefined();
        expect(faultsOf(JSON.stringify(detail), 'closed')).toBeUndefined();
      }
      const path = new URL(`../../../docs/schemas/${type}.json`, import.meta.url);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(detailSchema(eventType));
    },
  );

  test('has an id, a title and a sentence for every field', () => {
    const silent = documented.flatMap((eventType) => {
      const schema = detailSchema(eventType);
      expect(schema.$id).toBe(`urn:whatsapp-event-fanout:v1:${eventType.type}`);
      expect(schema.title).toBe(eventType.type);
      return fieldsWithout(schema, eventType.type, 'description');
    });
    expect(silent).toEqual([]);
  });

  test('refuses another category, and data of another type', () => {
    const [detail = ''] = detailsOf({ event: 'label.upsert', payload: { id: '7', name: 'Paid' } });
    expect(faultsOf(detail, 'open')).toBeUndefined();
    expect(faultsOf(detail.replace('"category":"labels"', '"category":"calls"'))).toBeDefined();
    expect(faultsOf(detail.replace(/"data":\{.*?\}\}?,"raw"/, '"data":[],"raw"'))).toBeDefined();
  });
});

function fieldsWithout(schema: JsonSchema, path: string, keyword: string): string[] {
  const inner = [
    ...Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>),
    ...Object.entries((schema.$defs ?? {}) as Record<string, JsonSchema>).map(
      ([name, def]) => [name, { ...def, [keyword]: true }] as const,
    ),
  ];
  return inner.flatMap(([name, field]) => [
    ...(keyword in field ? [] : [`${path}.${name}`]),
    ...fieldsWithout(field, `${path}.${name}`, keyword),
    ...fieldsWithout((field.items ?? {}) as JsonSchema, `${path}.${name}[]`, keyword),
  ]);
}

test('whatever a sender sends, the event satisfies the schema of its event type and has no other field', () => {
  let recognized = 0;
  fc.assert(
    fc.property(arbitraryWebhook(5), (body) => {
      for (const detail of detailsOf(body)) {
        refuseFaults(detail);
        if (!detail.includes('"type":"unrecognized"')) {
          recognized++;
        }
      }
    }),
    { numRuns: 10_000 },
  );
  // The changes must not be so wild that hardly any event type is still seen.
  expect(recognized).toBeGreaterThan(4_000);
});

test('whatever else comes in, the event satisfies the schema of its event type', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.json({ maxDepth: 4 }), fc.string({ unit: 'binary' }), fc.uint8Array()),
      (body) => {
        const bytes = typeof body === 'string' ? Buffer.from(body) : body;
        for (const event of normalizeWebhook(bytes, request).events) {
          refuseFaults(serializeEnvelope(event));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
