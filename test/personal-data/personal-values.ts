import { catalog, type EventType } from '../../events/catalog.ts';
import type { Sender } from '../../events/envelope.ts';
import { type ExampleWebhook, exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { redactData, type SchemaNode } from '../../ops/redact-envelope.ts';

/** Shorter texts are in any log by chance. */
const shortest = 4;

/**
 * What is personal in an example of a kind: every text and every long number of its payload and account
 * that the kind's own schema does not show to be harmless (a word of a closed list, a time). Derived,
 * so that a new kind brings its own values along.
 */
export function personalValues(type: EventType, sender: Sender): readonly string[] {
  return personalValuesIn(exampleWebhook(type, sender));
}

/** The same of any webhook. */
export function personalValuesIn(webhook: ExampleWebhook): readonly string[] {
  const { event: type } = webhook;
  const { events } = normalizeWebhook(Buffer.from(JSON.stringify(webhook)), {
    receivedAt: new Date(0),
    requestId: 'x',
  });
  const harmless = new Set([
    ...events.flatMap(({ data }) =>
      leavesOf(redactData(data, catalog[type].data() as unknown as SchemaNode)),
    ),
    ...leavesOf({ ...webhook, payload: undefined, me: undefined }),
    ...Object.keys(catalog),
  ]);
  const { payload, me } = webhook;
  return [...new Set(leavesOf({ payload, me }).flatMap(withParts))].filter(
    (value) => value.length >= shortest && !harmless.has(value) && !isWord(value),
  );
}

/** Texts and numbers in a value, as texts. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  // A time in seconds or milliseconds is in many lines; a phone number has eleven digits or so.
  if (typeof value === 'number') {
    return [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.values(value).flatMap(leavesOf);
}

/** An address is personal, and so is the number in it by itself. */
const withParts = (text: string) => [text, ...(text.match(/\d{7,}/g) ?? [])];

/** Words of protocols, such as `conversation` or `open`, tell nothing of anybody. */
const isWord = (text: string) => /^[a-z]+$/.test(text) || /^[A-Z_]+$/.test(text);

/** Those of the values that stand somewhere in what was said, as they are or as JSON writes them. */
export function foundIn(printed: string, values: Iterable<string>): string[] {
  return [...values].filter(
    (value) => printed.includes(value) || printed.includes(JSON.stringify(value).slice(1, -1)),
  );
}
