import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { queuedConsumers } from '../../../lib/consumer-row.ts';
import { consumers } from '../../../lib/consumers.ts';
import { subscribedTypes } from '../../../lib/subscription.ts';
import { asyncApiDocument } from '../../../tools/docs/asyncapi-document.ts';
import { documentedEventTypes } from '../../../tools/docs/documented-event-type.ts';
import { synthesizeTemplate } from '../../lib/synthesize-app.ts';

interface Reference {
  readonly $ref: string;
}

interface Channel {
  readonly address: string;
  readonly servers: readonly Reference[];
  readonly messages: Readonly<Record<string, Reference>>;
  readonly bindings?: { readonly sqs: { readonly queue: { readonly name: string } } };
}

interface Operation {
  readonly action: string;
  readonly channel: Reference;
  readonly messages: readonly Reference[];
}

interface Message {
  readonly payload: object;
  readonly examples: readonly { readonly payload: object }[];
}

interface AsyncApi {
  readonly asyncapi: string;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
}

const document = JSON.parse(JSON.stringify(asyncApiDocument())) as AsyncApi;
const documented = documentedEventTypes();

/** The value at a `#/…` reference; undefined where it leads nowhere. */
function resolve(ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      document,
    );
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' ? [String(inner)] : referencesIn(inner),
  );
}

test('AsyncAPI’s own JSON Schema accepts the document', () => {
  const path = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json');
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  // Ajv brings the schema of JSON Schema itself along, and takes it only once.
  delete schema.definitions['http://json-schema.org/draft-07/schema'];
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  expect(validate(document) ? [] : validate.errors).toEqual([]);
  expect(validate({ ...document, operations: { onMessage: { action: 'listen' } } })).toBe(false);
});

test('the document in docs is up to date', () => {
  const path = new URL('../../../docs/asyncapi.json', import.meta.url);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(document);
});

test('every reference can be resolved', () => {
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((ref) => resolve(ref) === undefined)).toEqual([]);
});

test('every event type has a channel whose address is its detail-type, and an operation that receives', () => {
  for (const { type } of documented) {
    expect(document.channels[type]?.address).toBe(type);
    const operations = Object.values(document.operations).filter(
      ({ channel }) => channel.$ref === `#/channels/${type}`,
    );
    expect(operations.map(({ action }) => action)).toEqual(['receive']);
  }
});

test('an operation names only messages of its channel', () => {
  for (const { channel, messages } of Object.values(document.operations)) {
    expect(messages.length).toBeGreaterThan(0);
    for (const { $ref } of messages) {
      expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
    }
  }
});

test('the queues of the document are those of the stack', () => {
  const queues = Object.values(synthesizeTemplate().findResources('AWS::SQS::Queue'));
  const names = queues.map(({ Properties }) => Properties.QueueName);
  for (const [name, row] of queuedConsumers(consumers)) {
    const channel = document.channels[`queue.${name}`];
    expect(names).toContain(channel?.bindings?.sqs.queue.name);
    expect(channel?.address.replace('{stage}', 'dev')).toBe(channel?.bindings?.sqs.queue.name);
    expect(Object.keys(channel?.messages ?? {})).toEqual(subscribedTypes(row));
  }
});

test('every example is an event that the schema of its message accepts', () => {
  const { components } = document;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const { payload: schema, examples } of Object.values(components.messages)) {
    const validate = ajv.compile({ ...schema, components });
    expect(examples.length).toBeGreaterThan(0);
    for (const { payload } of examples) {
      expect(validate(payload) ? [] : validate.errors).toEqual([]);
      expect(validate({ ...payload, 'detail-type': 'another' })).toBe(false);
      expect(validate({ ...payload, detail: {} })).toBe(false);
    }
  }
});
