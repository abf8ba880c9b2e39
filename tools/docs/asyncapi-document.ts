import { metaFields } from '../../events/meta-data.docs.ts';
import { metaData } from '../../events/meta-data.ts';
import { eventSource } from '../../events/names.ts';
import { queuedConsumers } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import { subscribedTypes } from '../../lib/subscription.ts';
import {
  type DocumentedEventType,
  documentedEventTypes,
  type WorkedExample,
} from './documented-event-type.ts';
import { detailSchema, type JsonSchema, toDocumentedSchema } from './documented-schema.ts';
import { busName } from './markdown.ts';

/** The bus and the queues behind it as an AsyncAPI 3.0 document, from the view of a consumer. */
export function asyncApiDocument(): object {
  const eventTypes = documentedEventTypes();
  return {
    asyncapi: '3.0.0',
    id: 'urn:whatsapp-event-fanout:bus',
    info: info(eventTypes),
    defaultContentType: 'application/json',
    servers: { bus: busServer, queues: queueServer },
    channels: { ...busChannels(eventTypes), ...queueChannels() },
    operations: { ...busOperations(eventTypes), ...queueOperations() },
    components: {
      messages: Object.fromEntries(
        eventTypes.map((eventType) => [eventType.type, eventMessage(eventType)]),
      ),
      schemas: componentSchemas(eventTypes),
    },
  };
}

function info(eventTypes: readonly DocumentedEventType[]): object {
  const envelopeVersion = toDocumentedSchema(metaData, metaFields).properties?.version?.const;
  return {
    title: 'WhatsApp Event Fanout',
    version: `${envelopeVersion}.0.0`,
    description:
      'WhatsApp webhooks as one typed event stream: what a consumer receives from the event bus, by a rule of its own or from a queue of the stack. Its major version is the version of the envelope, `detail.meta.version`.',
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    tags: [...new Set(eventTypes.map(({ category }) => category))].map((name) => ({ name })),
  };
}

const variables = {
  region: { default: 'us-east-1', description: 'The AWS region of the stack.' },
};

const busServer = {
  host: 'events.{region}.amazonaws.com',
  protocol: 'eventbridge',
  title: 'The event bus',
  description: `The EventBridge bus \`${busName}\`, where \`${busName.split('-').at(-1)}\` is the stage. Channels are detail-types; a rule brings them to a target.`,
  variables,
};

const queueServer = {
  host: 'sqs.{region}.amazonaws.com',
  protocol: 'sqs',
  title: 'The queues behind the bus',
  description: 'One SQS queue for each consumer. The body of a message is the event.',
  variables,
};

/** Where a schema of the document is. */
export function schemaPath(name: string): string {
  return `#/components/schemas/${name}`;
}

/** The schemas of all event types by name, together with the shapes that they refer to. */
export function componentSchemas(
  eventTypes: readonly DocumentedEventType[],
): Readonly<Record<string, unknown>> {
  const schemas: Record<string, unknown> = {};
  for (const eventType of eventTypes) {
    const { $schema: _, $id: __, $defs, ...detail } = detailSchema(eventType);
    for (const [name, shape] of Object.entries($defs ?? {})) {
      schemas[name] = inAsyncApi(shape);
    }
    schemas[eventType.type] = inAsyncApi(detail);
  }
  return schemas;
}

/**
 * AsyncAPI's schemas are a superset of JSON Schema draft-07, in which `$ref` has no siblings (AsyncAPI 3.0,
 * "Reference Object"); siblings are kept by an `allOf` around the `$ref`.
 */
function inAsyncApi(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(inAsyncApi);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const { $ref, ...rest } = schema as JsonSchema;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, inAsyncApi(value)]),
  );
  if (typeof $ref !== 'string') {
    return inner;
  }
  const reference = { $ref: $ref.replace('#/$defs/', schemaPath('')) };
  return Object.keys(inner).length === 0 ? reference : { ...inner, allOf: [reference] };
}

/** An AsyncAPI message: the EventBridge event of one event type. */
export function eventMessage(eventType: DocumentedEventType): object {
  const { type, category, summary, deprecated, examples } = eventType;
  return {
    name: type,
    title: type,
    summary,
    ...(deprecated && { description: `Deprecated. ${deprecated}`, deprecated: true }),
    tags: [{ name: category }],
    correlationId: {
      description: 'The request of the sender that brought the event.',
      location: '$message.payload#/detail/meta/requestId',
    },
    payload: eventSchema(type),
    examples: examples.slice(0, 1).map(messageExample),
  };
}

/** What EventBridge wraps around a `detail` (EventBridge User Guide, "Event structure"). */
function eventSchema(type: string): JsonSchema {
  return {
    type: 'object',
    properties: {
      version: { type: 'string', const: '0', description: 'Version of EventBridge’s format.' },
      id: {
        type: 'string',
        description: 'EventBridge’s own; for idempotency use `detail.meta.id`.',
      },
      'detail-type': { type: 'string', const: type },
      source: { type: 'string', const: eventSource },
      account: { type: 'string', description: 'The AWS account of the bus.' },
      time: {
        type: 'string',
        format: 'date-time',
        description: 'When it happened, to the second.',
      },
      region: { type: 'string' },
      resources: { type: 'array', items: { type: 'string' } },
      detail: { $ref: schemaPath(type) },
    },
    required: ['detail-type', 'source', 'time', 'detail'],
  };
}

function messageExample({ label, detail }: WorkedExample): object {
  return {
    name: label,
    payload: {
      version: '0',
      id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
      'detail-type': detail.meta.type,
      source: eventSource,
      account: '123456789012',
      time: detail.meta.occurredAt.replace(/\.\d+Z$/, 'Z'),
      region: 'us-east-1',
      resources: [],
      detail,
    },
  };
}

/** One channel for each event type on the bus, with its detail-type as the address. */
function busChannels(eventTypes: readonly DocumentedEventType[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    eventTypes.map(({ type, category, summary }) => [
      type,
      {
        address: type,
        title: type,
        summary,
        servers: [{ $ref: '#/servers/bus' }],
        tags: [{ name: category }],
        messages: { [type]: { $ref: `#/components/messages/${type}` } },
      },
    ]),
  );
}

/** What a rule on the bus does with each channel: it receives. */
function busOperations(
  eventTypes: readonly DocumentedEventType[],
): Readonly<Record<string, object>> {
  return Object.fromEntries(
    eventTypes.map(({ type, category, summary }) => [
      operationName('on', type),
      {
        action: 'receive',
        channel: { $ref: `#/channels/${type}` },
        summary,
        tags: [{ name: category }],
        messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
      },
    ]),
  );
}

/** A name that is an identifier in most languages, such as `onMessageAck` for `message.ack`. */
function operationName(verb: string, type: string): string {
  const words = type.split(/[^A-Za-z0-9]+/);
  return verb + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

const channelName = (consumer: string) => `queue.${consumer}`;

/** One channel for each consumer's queue, whose messages are the events that its rule lets through. */
function queueChannels(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    queuedConsumers(consumers).map(([name, row]) => [
      channelName(name),
      {
        address: `whatsapp-{stage}-${name}`,
        title: `Queue of the consumer ${name}`,
        summary: row.summary,
        servers: [{ $ref: '#/servers/queues' }],
        parameters: {
          stage: {
            default: settings.stage.default,
            description: documentationOf(settings.stage).summary,
          },
        },
        messages: Object.fromEntries(
          subscribedTypes(row).map((type) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
        bindings: {
          sqs: {
            queue: { name: `whatsapp-${settings.stage.default}-${name}`, fifoQueue: false },
            bindingVersion: '0.2.0',
          },
        },
      },
    ]),
  );
}

/** What a service that reads a queue does with it. */
function queueOperations(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    queuedConsumers(consumers).map(([name, row]) => [
      operationName('read', `${name}.queue`),
      {
        action: 'receive',
        channel: { $ref: `#/channels/${channelName(name)}` },
        summary: row.summary,
        messages: subscribedTypes(row).map((type) => ({
          $ref: `#/channels/${channelName(name)}/messages/${type}`,
        })),
      },
    ]),
  );
}
