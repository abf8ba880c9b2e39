import { eventSource } from '../../../events/event-source.ts';
import type { DocumentedKind } from '../documented-kind.ts';
import type { JsonSchema } from '../plain-schema.ts';
import type { WorkedExample } from '../worked-example.ts';
import { schemaPath } from './component-schemas.ts';

/** An AsyncAPI message: the EventBridge event that carries one kind. */
export function eventMessage(kind: DocumentedKind): object {
  const { type, category, summary, deprecated, examples } = kind;
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
