import { catalogDocs } from '../../../events/catalog.docs.ts';
import { catalog, type EventType, eventTypes } from '../../../events/catalog.ts';
import { type ExampleWebhook, exampleWebhook } from '../../../events/example-webhook.ts';
import { eventSource } from '../../../events/names.ts';
import { own } from '../../../events/own.ts';
import type { SchemaNode } from '../../../ops/redact-envelope.ts';
import { freshWebhook } from '../../../ops/send-webhook.ts';
import type { Route } from '../console-context.ts';
import { BadRequest } from '../http/read-request.ts';

/** An event type that can be tried. */
export interface TypeAnswer {
  readonly type: string;
  readonly category: string;
  readonly summary: string;
  readonly deprecated?: string;
}

/** An example body, and the fields that its payload may have. */
export interface DraftAnswer {
  /** JSON, to be edited. */
  readonly body: string;
  readonly fields: readonly PayloadField[];
  /** The fields of the full body, those around the payload included. */
  readonly known: readonly PayloadField[];
  readonly variants: readonly string[];
}

/** Engines that the senders are known to run on. */
const engines = ['WEBJS', 'WPP', 'NOWEB', 'GOWS'] as const;

/** `GET types`: every event type of the catalog. */
export const listTypes: Route = async (): Promise<readonly TypeAnswer[]> =>
  eventTypes.map((type) => {
    const { summary, deprecated } = catalogDocs[type];
    return { type, category: catalog[type].category, summary, deprecated };
  });

/** `GET pattern-fields`: the fields that an event pattern may have. */
export const listPatternFields: Route = async (): Promise<readonly PayloadField[]> => {
  const words = (names: readonly string[]) => names.map((name) => `"${name}"`).join(' or ');
  const categories = [...new Set(eventTypes.map((type) => catalog[type].category))];
  const meta = ['session', 'chat', 'sender', 'engine', 'id', 'duplicateOf', 'replay'];
  const known: PayloadField[] = [
    { path: 'source', takes: words([eventSource]) },
    { path: 'detail-type', takes: words(eventTypes) },
    { path: 'detail.meta.category', takes: words(categories) },
    { path: 'detail.meta.fromMe', takes: 'true or false' },
    ...meta.map((name) => ({ path: `detail.meta.${name}`, takes: 'text' })),
    ...eventTypes.flatMap((type) =>
      describePayload(catalog[type].data() as unknown as SchemaNode).map(({ path, takes }) => ({
        path: `detail.data.${path.replaceAll('[]', '')}`,
        takes,
      })),
    ),
  ];
  return [...new Map(known.map((field) => [`${field.path} ${field.takes}`, field])).values()];
};

/** `GET draft?type=&sender=&engine=`: an example with new ids. */
export const draft: Route = async (_context, { query }): Promise<DraftAnswer> => {
  const type = query.get('type') ?? '';
  if (!Object.hasOwn(catalog, type)) {
    throw new BadRequest(`There is no event type "${type.slice(0, 100)}".`);
  }
  const sender = query.get('sender') === 'wawp' ? 'wawp' : 'waha';
  const session = query.get('session') || undefined;
  const webhook = withPresentTimes(freshWebhook(type as EventType, sender, { session }));
  const kind = catalog[type as EventType];
  const fields = describePayload(kind.payload() as unknown as SchemaNode);
  return {
    body: JSON.stringify(withEngine(webhook, query.get('engine') ?? ''), null, 2),
    fields,
    known: [
      { path: 'event', takes: eventTypes.map((each) => JSON.stringify(each)).join(' or ') },
      ...['id', 'session', 'me.id', 'environment.version'].map((path) => ({ path, takes: 'text' })),
      { path: 'environment.engine', takes: engines.map((each) => `"${each}"`).join(' or ') },
      ...fields.map(({ path, takes }) => ({ path: `payload.${path}`, takes })),
    ],
    variants: catalogDocs[type as EventType].variants,
  };
};

/** When the examples of the catalog happen, in epoch milliseconds. */
const exampleTime = exampleWebhook('message', 'waha').timestamp;
const halfDayMs = 43_200_000;

/** The example as if it happened now: its times are seconds, milliseconds or ISO-8601. */
function withPresentTimes(webhook: ExampleWebhook): ExampleWebhook {
  const later = Math.floor((webhook.timestamp - exampleTime) / 1_000) * 1_000;
  const isExampleTime = (ms: number) => Math.abs(ms - exampleTime) <= halfDayMs;
  const present = (time: number) =>
    isExampleTime(time) ? time + later : isExampleTime(time * 1_000) ? time + later / 1_000 : time;
  const payload = JSON.parse(JSON.stringify(webhook.payload), (_name, value: unknown) => {
    if (typeof value === 'number') {
      return present(value);
    }
    if (typeof value !== 'string') {
      return value;
    }
    if (/^\d{10}(\d{3})?$/.test(value)) {
      return String(present(Number(value)));
    }
    return /^\d{4}-\d\d-\d\dT/.test(value) && isExampleTime(Date.parse(value))
      ? new Date(Date.parse(value) + later).toISOString()
      : value;
  });
  return { ...webhook, payload };
}

/** The same as another engine would name itself; what its payload would be, the engine alone knows. */
function withEngine(webhook: Readonly<Record<string, unknown>>, engine: string) {
  if (!engines.some((each) => each === engine)) {
    return webhook;
  }
  const { environment } = webhook;
  const hasName = own(webhook, 'engine') !== undefined;
  return {
    ...webhook,
    ...(hasName && { engine }),
    ...(typeof environment === 'object' &&
      environment && { environment: { ...environment, engine } }),
  };
}

/** One known field of a type's payload. */
export interface PayloadField {
  /** The path in the payload: `media.url`; items of a list are `participants[]`. */
  readonly path: string;
  /** The values that it accepts, in words. */
  readonly takes: string;
}

/** Maximum depth of fields that are described. Deeper ones are specific to an engine. */
const maxDepth = 5;

/** The fields of a wire schema, as help for writing a payload. */
export function describePayload(schema: SchemaNode): readonly PayloadField[] {
  return [...fieldsOf(schema, '', 0)];
}

function* fieldsOf(schema: SchemaNode, path: string, depth: number): Generator<PayloadField> {
  const { entries, item, wrapped, options = [] } = schema;
  if (wrapped) {
    return yield* fieldsOf(wrapped, path, depth);
  }
  if (path !== '') {
    yield { path, takes: takesOf(schema) };
  }
  if (depth >= maxDepth) {
    return;
  }
  for (const [name, inner] of Object.entries(entries ?? {})) {
    yield* fieldsOf(inner, path === '' ? name : `${path}.${name}`, depth + 1);
  }
  if (item) {
    yield* inside(item, `${path}[]`, depth);
  }
  for (const option of options) {
    if (isSchema(option) && (option.entries || option.item)) {
      yield* inside(option, path, depth);
    }
  }
}

/** The fields of a list's items, or of one variant of a field. */
function* inside(schema: SchemaNode, path: string, depth: number): Generator<PayloadField> {
  for (const field of fieldsOf(schema, path, depth + 1)) {
    if (field.path !== path) {
      yield field;
    }
  }
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  object: 'object',
  loose_object: 'object',
  array: 'list',
  unknown: 'anything',
  any: 'anything',
  record: 'object',
};

function takesOf({ type, wrapped, options = [] }: SchemaNode): string {
  if (wrapped) {
    return takesOf(wrapped);
  }
  if (type === 'picklist') {
    return options.map((option) => JSON.stringify(option)).join(' or ');
  }
  if (type === 'union') {
    return [...new Set(options.filter(isSchema).map(takesOf))].join(' or ');
  }
  return words[type] ?? type;
}

const isSchema = (value: unknown): value is SchemaNode =>
  typeof value === 'object' && value !== null && typeof (value as SchemaNode).type === 'string';
