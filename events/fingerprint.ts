import { hash } from 'node:crypto';
import { type Content, mediaContents } from './message/contents.ts';

/**
 * Fields that may differ between two copies of one fact: the ack level, the way of sending, the name of a
 * person, whether a file was already downloaded, and the parts of a message id that are addresses.
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

/** Without the engine's object, a file that was not downloaded has no type: the word is `document`. */
const kindOfContent = (field: unknown): unknown =>
  mediaContents.has(field as Content) ? 'file' : contentOf(field);

/** Whether a field is volatile. Each device of a recipient reports an ack, with a time of its own. */
const isVolatile = (name: string, object: object) =>
  volatileFields.has(name) || (name === 'at' && 'ack' in object);

/** Hexadecimal digits of the hash: 128 bits, so that two texts do not collide by chance. */
const digits = 32;

/**
 * Hash of the content of a fact. It is equal for all copies of one fact (with hidden id or phone number, as
 * `message` or `message.any`), and different if the same idempotency key is used with other content.
 * Addresses are not part of it, since the key's parties contain them.
 *
 * @param data normalized data of an event
 */
export function fingerprint(data: unknown): string {
  return hash('sha256', JSON.stringify(contentOf(data)) ?? 'null', 'hex').slice(0, digits);
}

/**
 * Removes volatile fields and every address, which has two spellings, and sorts keys as in canonical JSON. A
 * null prototype keeps a property that is named `__proto__`.
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
    if (!isVolatile(name, value) && !isAddress(field)) {
      content[name] = name === 'content' ? kindOfContent(field) : contentOf(field);
    }
  }
  return content;
}

const isAddress = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
