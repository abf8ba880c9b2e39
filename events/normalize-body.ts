import * as v from 'valibot';
import { catalog, type EventType } from './catalog.ts';
import { type Drift, findUnknownFields, safeName, type UnknownField } from './drift.ts';
import type { Envelope, Wire } from './envelope.ts';
import type { AnyEventType, Origin, WebhookContext, WireContext } from './event-type.ts';
import { type FactKey, idOf, idOfRequest, keyOfFact } from './fact-key.ts';
import { toInstant } from './instant.ts';
import { jsonTypeOf } from './json.ts';
import { isRecord, own, present } from './own.ts';
import { readMeta } from './read-meta.ts';
import { asUnrecognized, bodyToUnrecognized } from './to-unrecognized.ts';
import { maxIssues } from './unrecognized.ts';
import { readEngine, readMe, readName, wireEnvelope } from './wire-envelope.ts';

/** The event of a body, and its drift. */
export interface Normalized {
  readonly event: Envelope;
  /** Undefined: a repetition of the event cannot be distinguished from a retry. */
  readonly key: FactKey | undefined;
  readonly drift: Drift;
}

const noDrift: Drift = { unknownEvents: [], unknownFields: [] };

/** Normalizes one parsed body. Never throws. */
export function normalizeBody(sent: unknown, origin: Origin, context: WebhookContext): Normalized {
  const body = unwrap(sent);
  const name = own(body, 'event');
  if (!isRecord(body) || typeof name !== 'string') {
    const found = asUnrecognized({ reason: 'not-an-envelope' }, origin, context);
    return { ...found, drift: noDrift };
  }
  if (!Object.hasOwn(catalog, name)) {
    const found = bodyToUnrecognized({ reason: 'unknown-event' }, body, origin, context);
    const unknownEvents = [found.event.data.event ?? ''];
    return { ...found, drift: { unknownEvents, unknownFields: [] } };
  }
  return normalizeKnown(
    catalog[name as EventType] as unknown as KnownEventType,
    body,
    origin,
    context,
  );
}

type KnownEventType = AnyEventType & { readonly type: EventType; readonly category: string };

function normalizeKnown(
  definition: KnownEventType,
  body: Wire,
  origin: Origin,
  context: WebhookContext,
): Normalized {
  const payload = body.payload ?? {};
  const input = { payload, context: readContext(body) };
  const result = parsePayload(definition, input);
  if (!result.success) {
    const issues = result.issues ?? describeIssues(definition.wire(), input, origin.text.length);
    const found = bodyToUnrecognized({ reason: 'invalid-payload', issues }, body, origin, context);
    return { ...found, drift: noDrift };
  }
  const unknownFields = [
    ...findUnknownFields(wireEnvelope(), definition.type, '', body),
    ...findUnknownFields(definition.payload(), definition.type, 'payload', payload),
  ];
  const data = result.output;
  if (!definition.isIdentified(data, payload)) {
    const missing = isRecord(body.payload) ? definition.about : 'Object';
    const issue = { path: 'payload', expected: missing, received: jsonTypeOf(body.payload) };
    const finding = { reason: 'invalid-payload', issues: [issue] } as const;
    const found = bodyToUnrecognized(finding, body, origin, context);
    return { ...found, drift: { unknownEvents: [], unknownFields } };
  }
  const occurredAt = definition.occurredAt?.(data);
  const fact = { data, payload };
  const session = readName(body, 'session');
  const [senderEventId, sentAt] = [readName(body, 'id'), toInstant(body.timestamp)];
  const key = keyOfFact(definition, fact, present({ session, senderEventId, sentAt, occurredAt }));
  const meta = readMeta(body, context, {
    id: key
      ? idOf(key)
      : idOfRequest(definition.key.name, { ...origin, requestId: context.requestId }),
    category: definition.category,
    type: definition.type,
    occurredAt,
    chat: definition.chat?.(data)?.id,
    fromMe: definition.fromMe?.(data),
    me: input.context.me,
  });
  return {
    event: { meta, data, raw: origin.raw } as Envelope,
    key,
    drift: {
      unknownEvents: [],
      unknownFields: [
        ...unknownFields,
        ...findUnknownContent(definition, { data, payload }, input.context),
      ],
    },
  };
}

type Parsed =
  | { readonly success: true; readonly output: unknown }
  | { readonly success: false; readonly issues?: readonly Issue[] };

/** Finds an unknown part of the engine's own object, a sign of a new content. */
function findUnknownContent(
  definition: KnownEventType,
  fact: { readonly data: unknown; readonly payload: unknown },
  context: WireContext,
): UnknownField[] {
  const path = definition.findUnknown?.(fact, context);
  return path === undefined
    ? []
    : [{ event: definition.type, path: `payload.${path}`, type: 'object' }];
}

function readContext(body: Wire): WireContext {
  const [reachoutTimelock, messageCapping] = [
    own(body, 'me', 'reachoutTimelock'),
    own(body, 'me', 'messageCapping'),
  ];
  return present({
    engine: readEngine(body),
    version: readName(body, 'environment', 'version'),
    me: readMe(body),
    limits:
      reachoutTimelock == null && messageCapping == null
        ? undefined
        : { reachoutTimelock, messageCapping },
  });
}

/** Parses a payload. Valibot's object schema also accepts a list, which would become an empty event. */
function parsePayload(
  definition: KnownEventType,
  input: { payload: unknown; context: WireContext },
): Parsed {
  if (Array.isArray(input.payload) && !definition.takesList) {
    return { success: false, issues: [{ path: 'payload', expected: 'Object', received: 'array' }] };
  }
  const result = v.safeParse(definition.wire(), input, { abortEarly: true });
  return result.success ? { success: true, output: result.output } : { success: false };
}

/**
 * Unwraps the body of a WAHA reseller (Hypersender), which has WAHA's body inside another:
 * `{event, data: {event, payload, me, …}}`, with `instanceId` for the session.
 */
function unwrap(body: unknown): unknown {
  const inner = own(body, 'data');
  if (!isRecord(body) || !isRecord(inner) || Object.hasOwn(body, 'payload')) {
    return body;
  }
  const isWrapper =
    typeof body.event === 'string' &&
    own(inner, 'event') === body.event &&
    isRecord(own(inner, 'payload'));
  if (!isWrapper) {
    return body;
  }
  const { data: _, ...rest } = body;
  const session = own(inner, 'instanceId');
  return { ...rest, ...(session === undefined ? {} : { session }), ...inner };
}

/** One error of a payload; see `unrecognizedData`. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/**
 * For a larger text only the first issue is reported: the validator creates an object for each, and a list of
 * a million wrong items would create a million.
 */
const maxForAllLength = 100_000;

/** Describes the errors of a payload, by path and types, never by value. */
export function describeIssues(
  schema: v.GenericSchema,
  input: unknown,
  textLength: number,
): readonly Issue[] {
  const { issues } = v.safeParse(schema, input, { abortEarly: textLength > maxForAllLength });
  const found = new Map<string, Issue>();
  for (const { issue, steps } of innermost(issues ?? [])) {
    if (found.size === maxIssues) {
      break;
    }
    const path = pathOf(steps);
    const expected = (issue.expected ?? 'another value').slice(0, 200);
    found.set(path, found.get(path) ?? { path, expected, received: jsonTypeOf(issue.input) });
  }
  return [...found.values()];
}

type Steps = readonly v.IssuePathItem[];

/** Finds where the errors are. That none of several schemas fits says less than what is wrong inside. */
function* innermost(
  issues: readonly v.BaseIssue<unknown>[],
  outer: Steps = [],
): Iterable<{ readonly issue: v.BaseIssue<unknown>; readonly steps: Steps }> {
  for (const issue of issues) {
    const steps = [...outer, ...(issue.path ?? [])];
    const inner = issue.issues?.filter(({ path }) => path !== undefined) ?? [];
    if (inner.length === 0) {
      yield { issue, steps };
    } else {
      yield* innermost(inner, steps);
    }
  }
}

function pathOf(steps: Steps): string {
  return steps
    .map(({ key, input }) => (Array.isArray(input) ? `[${key}]` : `.${safeName(String(key))}`))
    .join('')
    .slice(1);
}
