import { hash } from 'node:crypto';

/**
 * Bytes of one part of a key at most. DynamoDB takes 2,048 bytes of a partition key and 1,024 of a
 * sort key (DynamoDB Developer Guide, "Quotas"); no key here has more than four parts of untrusted text.
 */
const maxPartLength = 200;

/** Stands for an empty name: DynamoDB takes no empty key. */
const empty = '%-';

/**
 * Parts as one key. Whatever they hold, two different lists of parts never give the same key: the
 * separator is escaped, and a part that is too long is replaced by its hash.
 */
export function stateKey(...parts: readonly string[]): string {
  return parts.map(keyPart).join('#');
}

function keyPart(text: string): string {
  const escaped = text.toWellFormed().replace(/[%#]/g, (sign) => (sign === '%' ? '%25' : '%23'));
  if (escaped === '') {
    return empty;
  }
  return Buffer.byteLength(escaped) <= maxPartLength ? escaped : `%h${hash('sha256', escaped)}`;
}

/** The parts of a key; one that was too long is its hash. */
export const readKey = (key: string): readonly string[] =>
  key
    .split('#')
    .map((part) => (part === empty ? '' : part.replaceAll('%23', '#').replaceAll('%25', '%')));
