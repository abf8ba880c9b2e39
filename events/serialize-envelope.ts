import type { Envelope } from './envelope.ts';

/**
 * U+FFFE and U+FFFF are characters that SQS refuses in a message body (SQS API reference,
 * SendMessage); in JSON they can be written as escapes, which any text may hold.
 */
const refusedBySqs = /[\uFFFE\uFFFF]/;

/** An envelope as the `detail` of an EventBridge entry: JSON that every queue behind the bus takes. */
export function serializeEnvelope(envelope: Envelope): string {
  const text = JSON.stringify(envelope);
  if (!refusedBySqs.test(text)) return text;
  return text.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');
}
