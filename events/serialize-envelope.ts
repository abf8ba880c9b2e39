import type { Envelope } from './envelope.ts';
import { hasUnsafeNumber } from './json.ts';

/**
 * Serializes an envelope to the `detail` of an EventBridge entry: JSON that the bus and all queues accept.
 *
 * @param raw JSON text for `raw`, which keeps its numbers unchanged. @default - the envelope's `raw`, serialized
 */
export function serializeEnvelope(envelope: Envelope, raw?: string): string {
  const { raw: parsed, ...rest } = envelope;
  const head = withoutUnsafeNumbers(rest);
  const tail = raw ?? (parsed === undefined ? undefined : withoutUnsafeNumbers(parsed));
  const text = tail === undefined ? head : `${head.slice(0, -1)},"raw":${tail}}`;
  // SQS refuses these two characters in a message body (SQS API reference, SendMessage).
  return text.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');
}

/** Serializes a value. A double beyond 64 bits is not written as an integer; its value is the same. */
function withoutUnsafeNumbers(value: unknown): string {
  const text = JSON.stringify(value);
  if (!hasUnsafeNumber(text)) {
    return text;
  }
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'number' && Number.isInteger(part) && Math.abs(part) >= 2 ** 63
      ? rawJson(part.toExponential())
      : part,
  );
}

/** ECMAScript's JSON.rawJSON, which TypeScript does not know yet. */
const rawJson = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
