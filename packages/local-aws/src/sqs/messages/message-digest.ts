import { hash } from 'node:crypto';
import type { MessageAttribute } from './message-attributes.ts';

/** `MD5OfMessageBody`: of the body's UTF-8 bytes. */
export const digestBody = (body: string): string => hash('md5', body, 'hex');

/**
 * `MD5OfMessageAttributes` (developer guide, "Calculating the MD5 message digest for message
 * attributes"): attributes by name; of each the name, the type, one byte for the transport type
 * (1 text, 2 binary) and the value, everything but that byte preceded by its length in four bytes.
 */
export function digestAttributes(attributes: readonly MessageAttribute[]): string {
  const sorted = attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.flatMap(({ name, dataType, stringValue, binaryValue }) => [
    ...withLength(Buffer.from(name)),
    ...withLength(Buffer.from(dataType)),
    Buffer.of(stringValue === undefined ? 2 : 1),
    ...withLength(
      stringValue === undefined ? Buffer.from(binaryValue, 'base64') : Buffer.from(stringValue),
    ),
  ]);
  return hash('md5', Buffer.concat(parts), 'hex');
}

function withLength(bytes: Buffer): readonly Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
