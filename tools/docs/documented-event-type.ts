import { busDocs, catalogDocs } from '../../events/catalog.docs.ts';
import { catalog, type EventType } from '../../events/catalog.ts';
import { derived } from '../../events/derived.ts';
import type { BusType, Envelope, EnvelopeOf } from '../../events/envelope.ts';
import type { AnyEventType } from '../../events/event-type.ts';
import type { AnyFieldDocs } from '../../events/event-type-docs.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import type { LazySchema } from '../../events/lazy-schema.ts';
import { missedCall } from '../../events/missed-call.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { unrecognized } from '../../events/unrecognized.ts';

/** The documentation of one detail-type on the bus. */
export interface DocumentedEventType {
  readonly type: string;
  readonly category: string;
  readonly summary: string;
  readonly deprecated?: string | undefined;
  readonly variants: readonly string[];
  readonly data: LazySchema;
  /** What the fields of the data mean. */
  readonly fields: AnyFieldDocs;
  readonly key: { readonly name: string; readonly rule: string };
  /** Which fields of `meta` the payload itself can fill. */
  readonly fills: {
    readonly chat: boolean;
    readonly fromMe: boolean;
    readonly occurredAt: boolean;
  };
  readonly examples: readonly WorkedExample[];
}

/** Every detail-type on the bus: the catalog's types, derived types, and `unrecognized`. */
export function documentedEventTypes(): readonly DocumentedEventType[] {
  const eventTypes = Object.values(catalog) as unknown as readonly CatalogEntry[];
  return [...eventTypes.map(fromCatalog), documentedMissedCall(), documentedUnrecognized()];
}

type CatalogEntry = AnyEventType & { readonly type: EventType; readonly category: string };

interface BusKind {
  readonly type: BusType;
  readonly category: string;
  readonly data: LazySchema;
  readonly key: { readonly name: string };
}

/** What an event type and its docs entry say together. */
function described({ type, category, data, key }: BusKind) {
  const { summary, deprecated, variants, key: rule, data: fields } = busDocs[type];
  return {
    type,
    category,
    summary,
    deprecated,
    variants,
    data,
    fields,
    key: { name: key.name, rule },
  };
}

function fromCatalog(eventType: CatalogEntry): DocumentedEventType {
  const { examples } = catalogDocs[eventType.type];
  const repeats = JSON.stringify(examples.wawp) === JSON.stringify(examples.waha);
  return {
    ...described(eventType),
    fills: {
      chat: eventType.chat !== undefined,
      fromMe: eventType.fromMe !== undefined,
      occurredAt: eventType.occurredAt !== undefined,
    },
    examples: [
      workExample('WAHA', exampleWebhook(eventType.type, 'waha')),
      ...(repeats ? [] : [workExample('Wawp', exampleWebhook(eventType.type, 'wawp'))]),
    ],
  };
}

function documentedMissedCall(): DocumentedEventType {
  const ended = workExample('The end of a call', exampleWebhook('call.rejected', 'waha'));
  const detail = missedCall(ended.detail as EnvelopeOf<'call.rejected'>);
  return {
    ...described(derived['call.missed']),
    fills: { chat: true, fromMe: false, occurredAt: true },
    examples: [{ ...ended, detail }],
  };
}

function documentedUnrecognized(): DocumentedEventType {
  const unknown = { ...exampleWebhook('chat.archive', 'waha'), event: 'chat.moved' };
  const misshapen = { ...exampleWebhook('chat.archive', 'wawp'), payload: { archived: 'yes' } };
  return {
    ...described(unrecognized),
    fills: { chat: false, fromMe: false, occurredAt: false },
    examples: [
      workExample('An unknown event type', unknown),
      workExample('A payload of another shape', misshapen),
    ],
  };
}

/** A webhook body, and the event that ingest creates from it. */
export interface WorkedExample {
  readonly label: string;
  readonly body: object;
  readonly detail: Envelope;
}

/** Fixed data of a request, so that documents do not change from day to day. */
const request = {
  receivedAt: new Date('2026-01-01T12:00:00.250Z'),
  requestId: 'X1nPqhZ5oAMEPkw=',
};

/** Normalizes a body as ingest would. */
export function workExample(label: string, body: object): WorkedExample {
  const [detail] = normalizeWebhook(Buffer.from(JSON.stringify(body)), request).events;
  if (!detail) {
    throw new Error('A webhook always gives an event.');
  }
  return { label, body, detail };
}
