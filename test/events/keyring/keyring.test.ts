import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addSecret, addSender, retireSecret } from '../../../events/keyring/change-keyring.ts';
import type { Keyring } from '../../../events/keyring/keyring.ts';
import { KeyringError, readKeyring, writeKeyring } from '../../../events/keyring/keyring.ts';

const secret = (id: string) => ({ id, value: `value-of-${id}`, createdAt: '2026-01-01T00:00:00Z' });
const stored = (sender: object) => JSON.stringify({ version: 1, senders: { waha: sender } });

describe('a stored keyring', () => {
  test('that is plain text is one secret of the default sender', () => {
    expect(readKeyring('abc', 'hmac').senders).toEqual({
      waha: { secrets: [{ id: 'first', value: 'abc' }] },
    });
    expect(Object.keys(readKeyring('abc', 'secret').senders)).toEqual(['wawp']);
  });

  test('is the same after it is written and read', () => {
    const keyring: Keyring = {
      version: 1,
      senders: {
        waha: { secrets: [secret('a'), secret('b')] },
        branch: {
          algorithm: 'sha256',
          header: 'x-signature',
          sessions: ['shop'],
          secrets: [secret('c')],
        },
      },
    };
    expect(readKeyring(writeKeyring(keyring), 'hmac')).toEqual(keyring);
  });

  test.each([
    ['empty text', '', 'must hold a secret'],
    ['broken JSON', '{"version":1', 'must be JSON, as it begins with a brace'],
    ['another version', '{"version":2,"senders":{}}', '"version" must be 1'],
    ['no senders', '{"version":1}', '"senders" must be an object'],
    ['a strange name', '{"version":1,"senders":{"A B":{}}}', 'lower-case letters'],
    ['an unknown field', stored({ session: ['a'], secrets: [secret('a')] }), 'only the fields'],
    ['no secrets', stored({ secrets: [] }), '"senders.waha.secrets" must be a list of 1 to 2'],
    [
      'three secrets',
      stored({ secrets: [secret('a'), secret('b'), secret('c')] }),
      'a list of 1 to 2',
    ],
    ['an empty value', stored({ secrets: [{ id: 'a', value: '' }] }), 'secrets[0].value'],
    ['an id with spaces', stored({ secrets: [{ id: 'a b', value: 'x' }] }), 'secrets[0].id'],
    ['no session', stored({ sessions: [], secrets: [secret('a')] }), 'waha.sessions'],
    ['another digest', stored({ algorithm: 'md5', secrets: [secret('a')] }), 'sha512 or sha256'],
    ['a strange header', stored({ header: 'X Y', secrets: [secret('a')] }), 'waha.header'],
    [
      'one value twice',
      stored({ secrets: [secret('a'), { ...secret('b'), value: 'value-of-a' }] }),
      'differ',
    ],
  ])('with %s is refused with its path', (_name, text, message) => {
    expect(() => readKeyring(text, 'hmac')).toThrow(KeyringError);
    expect(() => readKeyring(text, 'hmac')).toThrow(message);
  });

  test('of the scheme `secret` has no digest', () => {
    const text = stored({ algorithm: 'sha256', secrets: [secret('a')] });
    expect(() => readKeyring(text, 'secret')).toThrow('nothing is signed');
  });

  test('is either read or refused, and no error contains a value', () => {
    const value = 'never-to-be-seen';
    const any = fc.oneof(fc.constant(value), fc.jsonValue());
    const secrets = fc.array(fc.dictionary(fc.constantFrom('id', 'value', value), any));
    const leaf = fc.oneof(any, secrets);
    const keyring = fc.record({
      version: fc.constantFrom(1, 2, value),
      senders: fc.dictionary(
        fc.constantFrom('waha', '__proto__', value.toUpperCase()),
        fc.dictionary(fc.constantFrom('secrets', 'sessions', 'header', 'algorithm', value), leaf),
      ),
    });
    fc.assert(
      fc.property(keyring, fc.constantFrom('hmac', 'secret'), (given, scheme) => {
        try {
          readKeyring(JSON.stringify(given), scheme as 'hmac');
        } catch (error) {
          expect(error).toBeInstanceOf(KeyringError);
          expect((error as Error).message).not.toMatch(/never-to-be-seen/i);
        }
      }),
    );
  });
});

describe('a rotation', () => {
  const first = readKeyring('abc', 'hmac');

  test('has two live secrets, then the newer one alone', () => {
    const both = addSecret(first, 'waha', secret('b'));
    expect(both.senders.waha?.secrets.map(({ id }) => id)).toEqual(['first', 'b']);
    const { keyring, retired } = retireSecret(both, 'waha');
    expect(retired.id).toBe('first');
    expect(keyring.senders.waha?.secrets.map(({ id }) => id)).toEqual(['b']);
  });

  test('does not start before the previous one has ended', () => {
    const both = addSecret(first, 'waha', secret('b'));
    expect(() => addSecret(both, 'waha', secret('c'))).toThrow('fanout secret retire waha first');
  });

  test('removes the last secret only if it is named, and the sender with it', () => {
    expect(() => retireSecret(first, 'waha')).toThrow('one live secret only');
    const { keyring, isLast } = retireSecret(first, 'waha', 'first');
    expect({ keyring, isLast }).toEqual({ keyring: { version: 1, senders: {} }, isLast: true });
  });

  test('lists the known senders and secrets if an unknown one is named', () => {
    expect(() => addSecret(first, 'wahaa', secret('b'))).toThrow('There are: waha.');
    expect(() => retireSecret(first, 'waha', 'x')).toThrow('It has: first.');
    expect(() => addSender(first, 'waha', { secrets: [secret('b')] })).toThrow('already');
    expect(() => addSender(first, 'Waha', { secrets: [secret('b')] })).toThrow('lower-case');
  });
});
