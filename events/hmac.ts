import { hash } from 'node:crypto';
import type { Algorithm } from './keyring/keyring.ts';

/** Bytes of the blocks that each digest hashes. */
const blockBytes = { sha512: 128, sha256: 64 } as const satisfies Record<Algorithm, number>;

/** Bytes of the longest digest. */
const longestDigest = 64;

/** Where keys and texts are put together; what is longer gets a place of its own. */
const desk = Buffer.allocUnsafeSlow(32 * 1024);
const outerDesk = Buffer.allocUnsafeSlow(blockBytes.sha512 + longestDigest);

/**
 * An HMAC made of two plain hashes (RFC 2104). Where one is made now and then, as for each webhook, making
 * Node's Hmac object takes longer than hashing the webhook. A test compares both for any key and text.
 *
 * @param data its bytes; text as UTF-8
 */
export function hmac(
  algorithm: Algorithm,
  key: string,
  data: Uint8Array | string,
  encoding: 'hex' | 'base64url',
): string {
  const block = blockBytes[algorithm];
  const padded = pad(algorithm, key);
  const most = block + (typeof data === 'string' ? data.length * 3 : data.length);
  const inner = most <= desk.length ? desk : Buffer.allocUnsafe(most);
  for (let at = 0; at < block; at += 1) {
    const byte = padded[at] ?? 0;
    inner[at] = byte ^ 0x36;
    outerDesk[at] = byte ^ 0x5c;
  }
  let end = block;
  if (typeof data === 'string') end += inner.write(data, block);
  else {
    inner.set(data, block);
    end += data.length;
  }
  // Characters of one byte each: what comes out is written behind the key again.
  const first = hash(algorithm, inner.subarray(0, end), 'binary');
  const outerEnd = block + outerDesk.write(first, block, 'latin1');
  return hash(algorithm, outerDesk.subarray(0, outerEnd), encoding);
}

/** The key's bytes; of a key that is longer than a block, its hash. */
function pad(algorithm: Algorithm, key: string): Uint8Array {
  const bytes = Buffer.from(key);
  return bytes.length > blockBytes[algorithm] ? hash(algorithm, bytes, 'buffer') : bytes;
}
