import { hash } from 'node:crypto';
import type { Algorithm } from './keyring/keyring.ts';

/** Bytes of the blocks that each digest hashes. */
const blockBytes = { sha512: 128, sha256: 64 } as const satisfies Record<Algorithm, number>;

/** Where a key and what it signs are put together; what is longer gets a place of its own. */
const desk = Buffer.allocUnsafeSlow(32 * 1024);

/**
 * An HMAC made of two plain hashes (RFC 2104). Where one is made now and then, as for each webhook, making
 * Node's Hmac object takes longer than hashing the webhook. A test compares both for any key and text.
 *
 * @param key its bytes, as `data` its own; text as UTF-8
 */
export function hmac(
  algorithm: Algorithm,
  key: Uint8Array | string,
  data: Uint8Array | string,
  encoding: 'hex' | 'base64url' | 'binary',
): string {
  const block = blockBytes[algorithm];
  const given = typeof key === 'string' ? Buffer.from(key) : key;
  const own = given.length > block ? hash(algorithm, given, 'buffer') : given;
  const digest = (
    mask: number,
    text: Uint8Array | string,
    charset: 'utf8' | 'latin1',
    as: typeof encoding,
  ) => {
    const most = block + (typeof text === 'string' ? text.length * 3 : text.length);
    const place = most > desk.length ? Buffer.allocUnsafe(most) : desk;
    for (let at = 0; at < block; at += 1) place[at] = (own[at] ?? 0) ^ mask;
    let { length } = text;
    if (typeof text === 'string') length = place.write(text, block, charset);
    else place.set(text, block);
    return hash(algorithm, place.subarray(0, block + length), as);
  };
  // A character for each byte: so it is written behind the key again.
  return digest(0x5c, digest(0x36, data, 'utf8', 'binary'), 'latin1', encoding);
}
