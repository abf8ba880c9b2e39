import { hash } from 'node:crypto';

/**
 * Fields that two copies of one fact may have different: how far it had come, how it was sent, what
 * a person is called, whether a file had been downloaded when the webhook was made, and the parts of a
 * message id that are addresses.
 */
const volatileFields: ReadonlySet<string> = new Set([
  'ack',
  'author',
  'authorName',
  'chat',
  'hasMedia',
  'media',
  'participant',
  'serialized',
  'source',
]);

/** Digits of the hash: enough that two texts do not meet by chance. */
const digits = 32;

/**
 * What a fact says, as a hash: equal for the copies of one fact (by hidden id and by phone number, as
 * `message` and as `message.any`), different when one idempotency key comes with other content. Who and
 * where is no part of it: the key's parties say that.
 *
 * @param data normalized data of an event
 */
export function fingerprint(data: unknown): string {
  return hash('sha256', JSON.stringify(contentOf(data)) ?? 'null', 'hex').slice(0, digits);
}

/**
 * Omits what is volatile, and every address, which has two forms; keys in order, as in canonical
 * JSON, so that one pass does both. A prototype of null keeps a property named `__proto__` a property.
 */
function contentOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((each) => !isAddress(each)).map(contentOf);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const content: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value).sort()) {
    const field = (value as Record<string, unknown>)[name];
    if (!volatileFields.has(name) && !isAddress(field)) {
      content[name] = contentOf(field);
    }
  }
  return content;
}

const isAddress = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
