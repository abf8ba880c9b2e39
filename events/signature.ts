import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The request header that carries WAHA's signature (lower case, as API Gateway delivers it).
 * Source: https://waha.devlike.pro/docs/how-to/events/#hmac-authentication
 */
export const signatureHeader = 'x-webhook-hmac';

/** The request header in which WAHA names its algorithm; always `sha512`. Not covered by the signature. */
export const signatureAlgorithmHeader = 'x-webhook-hmac-algorithm';

/** HMAC-SHA512 in hexadecimal: 64 bytes. */
const signaturePattern = /^[0-9a-f]{128}$/i;

/** Signs a raw body as WAHA does: lower-case hexadecimal HMAC-SHA512 over its exact bytes. */
export function sign(rawBody: Uint8Array | string, signingSecret: string): string {
  return createHmac('sha512', signingSecret).update(rawBody).digest('hex');
}

/** Whether `signature` is the HMAC-SHA512 of these bytes under this secret. Takes constant time. */
export function isSignature(
  signature: string,
  rawBody: Uint8Array | string,
  signingSecret: string,
): boolean {
  if (signingSecret === '' || !signaturePattern.test(signature)) return false;
  const expected = createHmac('sha512', signingSecret).update(rawBody).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/** Whether two secrets are the same. Takes a time that tells nothing of either, their lengths included. */
export function isSameSecret(given: string, expected: string): boolean {
  if (expected === '') return false;
  return timingSafeEqual(digest(given), digest(expected));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
