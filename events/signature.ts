import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Algorithm } from './keyring/keyring.ts';

/**
 * The request header that carries WAHA's signature (lower case, as API Gateway delivers it).
 * Source: https://waha.devlike.pro/docs/how-to/events/#hmac-authentication
 */
export const signatureHeader = 'x-webhook-hmac';

/** The request header in which WAHA names its algorithm; always `sha512`. Not covered by the signature. */
export const signatureAlgorithmHeader = 'x-webhook-hmac-algorithm';

/** Characters of each digest in hexadecimal. */
const signatureLength = { sha512: 128, sha256: 64 } as const satisfies Record<Algorithm, number>;

/** Lower case only, as senders write it, so that one body has one signature. */
const hexadecimal = /^[0-9a-f]+$/;

/**
 * Signs a raw body as WAHA does: the HMAC-SHA512, or another digest, of its exact bytes in lower-case
 * hexadecimal.
 */
export function sign(
  rawBody: Uint8Array | string,
  signingSecret: string,
  algorithm: Algorithm = 'sha512',
): string {
  return createHmac(algorithm, signingSecret).update(rawBody).digest('hex');
}

/** Whether text has the form of a signature. Other text need not be compared. */
export function looksLikeSignature(text: string, algorithm: Algorithm = 'sha512'): boolean {
  return text.length === signatureLength[algorithm] && hexadecimal.test(text);
}

/** Whether `signature` is the HMAC of these bytes under this secret. Takes constant time. */
export function isSignature(
  signature: string,
  rawBody: Uint8Array | string,
  signingSecret: string,
  algorithm: Algorithm = 'sha512',
): boolean {
  if (signingSecret === '' || !looksLikeSignature(signature, algorithm)) {
    return false;
  }
  const expected = sign(rawBody, signingSecret, algorithm);
  return timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(signature, 'latin1'));
}

/** Whether two secrets are equal. The time that it takes reveals nothing about them, not even their lengths. */
export function isSameSecret(given: string, expected: string): boolean {
  if (expected === '') {
    return false;
  }
  return timingSafeEqual(digest(given), digest(expected));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
