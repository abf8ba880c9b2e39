import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hmac } from '../../events/hmac.ts';

const algorithm = fc.constantFrom('sha256' as const, 'sha512' as const);
const encoding = fc.constantFrom('hex' as const, 'base64url' as const, 'binary' as const);

/** Short and longer than a block, with letters beyond ASCII. */
const key = fc.string({ unit: 'binary', maxLength: 200 });
const text = fc.string({ unit: 'binary', maxLength: 300 });

test('an HMAC is the one that Node makes, for any key and text', () => {
  fc.assert(
    fc.property(algorithm, encoding, key, text, (algorithm, encoding, key, text) => {
      const expected = createHmac(algorithm, key).update(text).digest(encoding);
      expect(hmac(algorithm, key, text, encoding)).toBe(expected);
      expect(hmac(algorithm, Buffer.from(key), Buffer.from(text), encoding)).toBe(expected);
    }),
  );
});

test.each([32_000, 33_000, 1_000_000])(
  'an HMAC is the one that Node makes of %d characters',
  (length) => {
    for (const text of ['a'.repeat(length), 'é'.repeat(length), '好'.repeat(length)]) {
      const expected = createHmac('sha512', 'key').update(text).digest('hex');
      expect(hmac('sha512', 'key', text, 'hex')).toBe(expected);
      expect(hmac('sha512', 'key', Buffer.from(text), 'hex')).toBe(expected);
    }
  },
);
