import * as v from 'valibot';
import { catalog, type EventType } from './catalog.ts';
import { describeIssues, type Issue } from './describe-issues.ts';
import { type Drift, findUnknownFields } from './drift.ts';
import type { Envelope, Wire } from './envelope.ts';
import { type FactKey, idOf, idOfRequest, keyOfFact } from './fact-key.ts';
import { toInstant } from './instant.ts';
import type { AnyKind, WireContext } from './kind.ts';
import { own } from './own.ts';
import { present } from './present.ts';
import { readMeta } from './read-meta.ts';
import { bodyToUnrecognized, wholeToUnrecognized } from './to-unrecognized.ts';
import type { Origin, WebhookContext } from './webhook-context.ts';
import { readEngine, readMe, readName, wireEnvelope } from './wire-envelope.ts';

/** One event of a body, and what was new in it. */
export interface Normalized {
  readonly event: Envelope;
  /** Undefined: nothing tells a repetition of the event from a retry. */
  readonly key: FactKey | undefined;
  readonly drift: Drift;
}

const NO_DRIFT: Drift = { unknownEvents: [], unknownFields: [] };

/** Normalizes one parsed body. Never throws. */
export function normalizeBody(body: unknown, origin: Origin, context: WebhookContext): Normalized {
  const name = own(body, 'event');
  if (!isObject(body) || typeof name !== 'string') {
    const found = wholeToUnrecognized({ reason: 'not-an-envelope' }, origin, context);
    return { ...found, drift: NO_DRIFT };
  }
  if (!Object.hasOwn(catalog, name)) {
    const found = bodyToUnrecognized({ reason: 'unknown-event' }, body, origin, context);
    const unknownEvents = [found.event.data.event ?? ''];
    return { ...found, drift: { unknownEvents, unknownFields: [] } };
  }
  return normalizeKnown(catalog[name as EventType] as unknown as KnownKind, body, origin, context);
}

type KnownKind = AnyKind & { readonly type: EventType; readonly category: string };

function normalizeKnown(
  kind: KnownKind,
  body: Wire,
  origin: Origin,
  context: WebhookContext,
): Normalized {
  const payload = body.payload ?? {};
  const input = { payload, context: { engine: readEngine(body), me: readMe(body) } };
  const result = parsePayload(kind, input);
  if (!result.success) {
    const issues = result.issues ?? describeIssues(kind.wire(), input, origin.text.length);
    const found = bodyToUnrecognized({ reason: 'invalid-payload', issues }, body, origin, context);
    return { ...found, drift: NO_DRIFT };
  }
  const data = result.output;
  const occurredAt = kind.occurredAt?.(data);
  const fact = { data, payload };
  const session = readName(body, 'session');
  const [senderEventId, sentAt] = [readName(body, 'id'), toInstant(body.timestamp)];
  const key = keyOfFact(kind, fact, present({ session, senderEventId, sentAt, occurredAt }));
  const meta = readMeta(body, context, {
    id: key ? idOf(key) : idOfRequest(kind.key.name, { ...origin, requestId: context.requestId }),
    category: kind.category,
    type: kind.type,
    occurredAt,
    chat: kind.chat?.(data)?.id,
    fromMe: kind.fromMe?.(data),
  });
  return {
    event: { meta, data, raw: origin.raw } as Envelope,
    key,
    drift: {
      unknownEvents: [],
      unknownFields: [
        ...findUnknownFields(wireEnvelope(), kind.type, '', body),
        ...findUnknownFields(kind.payload(), kind.type, 'payload', payload),
      ],
    },
  };
}

type Parsed =
  | { readonly success: true; readonly output: unknown }
  | { readonly success: false; readonly issues?: readonly Issue[] };

/** Valibot takes a list for an object, which would make an empty fact of it. */
function parsePayload(kind: KnownKind, input: { payload: unknown; context: WireContext }): Parsed {
  if (Array.isArray(input.payload) && !kind.takesList) {
    return { success: false, issues: [{ path: 'payload', expected: 'Object', received: 'array' }] };
  }
  const result = v.safeParse(kind.wire(), input, { abortEarly: true });
  return result.success ? { success: true, output: result.output } : { success: false };
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
