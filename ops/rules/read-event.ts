import { catalog, type EventType } from '../../events/catalog.ts';
import { derived } from '../../events/derived.ts';
import type { Envelope } from '../../events/envelope.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { eventSource } from '../../events/names.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { own } from '../../events/own.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { unrecognized } from '../../events/unrecognized.ts';

/**
 * What a file may contain: an EventBridge event, our envelope (an event's `detail`), or a webhook's body as a
 * sender posts it.
 */
export const subjectForms = ['event', 'envelope', 'webhook'] as const;

/** See {@link subjectForms}. */
export type SubjectForm = (typeof subjectForms)[number];

/** Every type that an event on the bus can have. */
export const busTypes: readonly string[] = [
  ...Object.keys(catalog),
  ...Object.keys(derived),
  unrecognized.type,
];

/**
 * Converts the text of a file to an event, as JSON text. A webhook is normalized as ingest does it; of
 * several events in one body the first is used.
 *
 * @param form @default - an EventBridge event, unless it looks like one of the others
 * @throws SyntaxError when it is not JSON
 */
export function readSubject(text: string, form?: SubjectForm): string {
  const value: unknown = JSON.parse(text);
  const kind = form ?? looksLike(value);
  if (kind === 'webhook') {
    return eventOf(normalize(text));
  }
  if (kind === 'envelope') {
    return wrap(String(own(value, 'meta', 'type')), text);
  }
  // The unchanged text, because patterns compare numbers by their digits.
  return text;
}

/** An example of a type, as an event. Types without an example have their type and category only. */
export function exampleSubject(type: string): string {
  if (Object.hasOwn(catalog, type)) {
    return eventOf(normalize(JSON.stringify(exampleWebhook(type as EventType, 'waha'))));
  }
  const category =
    type === unrecognized.type
      ? unrecognized.category
      : derived[type as keyof typeof derived].category;
  return wrap(type, JSON.stringify({ meta: { type, category } }));
}

function looksLike(value: unknown): SubjectForm {
  if (typeof own(value, 'detail-type') === 'string') {
    return 'event';
  }
  if (typeof own(value, 'meta', 'type') === 'string') {
    return 'envelope';
  }
  return typeof own(value, 'event') === 'string' ? 'webhook' : 'event';
}

function normalize(text: string): Envelope {
  const { events } = normalizeWebhook(Buffer.from(text), {
    requestId: 'explained',
    receivedAt: new Date(),
  });
  const [first] = events;
  if (!first) {
    throw new Error('There is no event in it.');
  }
  return first;
}

const eventOf = (envelope: Envelope) => wrap(envelope.meta.type, serializeEnvelope(envelope));

/** Adds the fields that EventBridge adds and our own rules may match. */
const wrap = (type: string, detail: string) =>
  `{"version":"0","source":${JSON.stringify(eventSource)},"detail-type":${JSON.stringify(type)},"resources":[],"detail":${detail}}`;
