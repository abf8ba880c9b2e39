import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameSecret, isSignature, sign } from '../../events/signature.ts';

describe('signature', () => {
  test("WAHA's published example verifies", () => {
    // https://waha.devlike.pro/docs/how-to/events/#hmac-authentication
    const body = '{"event":"message","session":"default","engine":"WEBJS"}';
    const published =
      '208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89';
    expect(sign(body, 'my-secret-key')).toBe(published);
    expect(isSignature(published, body, 'my-secret-key')).toBe(true);
  });

  test('a signature is verified with the same secret, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.string({ minLength: 1 }),
        (body, secret) => {
          expect(isSignature(sign(body, secret), body, secret)).toBe(true);
        },
      ),
    );
  });

  test('one changed bit in the body or in the signature is refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.nat({ max: 511 }),
        (body, bodyBit, signatureBit) => {
          const signature = sign(body, 'secret');
          const changed = Uint8Array.from(body);
          const at = bodyBit % (body.length * 8);
          changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
          expect(isSignature(signature, changed, 'secret')).toBe(false);
          const forged = Buffer.from(signature, 'hex');
          forged[signatureBit >> 3] = (forged[signatureBit >> 3] ?? 0) ^ (1 << (signatureBit & 7));
          expect(isSignature(forged.toString('hex'), body, 'secret')).toBe(false);
        },
      ),
    );
  });

  test('a signature of another form is refused without an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isSignature(text, 'body', 'secret')).toBe(false);
      }),
    );
    expect(isSignature(`${sign('body', 'secret')}00`, 'body', 'secret')).toBe(false);
    expect(isSignature(sign('body', 'secret').slice(2), 'body', 'secret')).toBe(false);
  });

  test('an empty secret is never valid', () => {
    expect(isSignature(sign('body', ''), 'body', '')).toBe(false);
    expect(isSameSecret('', '')).toBe(false);
  });

  test('secrets are equal only if every character is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (secret, other) => {
        expect(isSameSecret(secret, secret)).toBe(true);
        expect(isSameSecret(other, secret)).toBe(other === secret);
      }),
    );
  });
});
