import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Keyring } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { sign } from '../../../events/signature.ts';
import {
  type Authentication,
  authenticate,
  type Keyrings,
  type SignedRequest,
} from '../../../lambdas/ingest/authenticate.ts';

const secrets = { signing: 'the-signing-secret', url: 'the-url-secret' };
const plain: Keyrings = {
  hmac: readKeyring(secrets.signing, 'hmac'),
  secret: readKeyring(secrets.url, 'secret'),
};
const rawBody = Buffer.from('{"event":"message"}');
const signature = sign(rawBody, secrets.signing);

const request = (parts: Partial<SignedRequest> = {}): SignedRequest => ({
  rawBody,
  headers: {},
  query: {},
  path: '/webhooks',
  ...parts,
});
const signed = request({ headers: { 'x-webhook-hmac': signature } });
const inUrl = request({ query: { secret: secrets.url } });

const isAuthentic = (...parts: Parameters<typeof authenticate>) =>
  authenticate(...parts).matches.length > 0;

describe('authentication', () => {
  test.each<[string, SignedRequest, Record<Authentication, boolean>]>([
    ['signed as WAHA does', signed, { any: true, hmac: true, secret: false }],
    ['secret in the URL, as Wawp advises', inUrl, { any: true, hmac: false, secret: true }],
    [
      'secret as the last segment of the path',
      request({ path: `/webhooks/${secrets.url}` }),
      { any: true, hmac: false, secret: true },
    ],
    [
      'secret in a header',
      request({ headers: { 'x-webhook-secret': secrets.url } }),
      { any: true, hmac: false, secret: true },
    ],
    [
      'secret as a bearer token',
      request({ headers: { authorization: `Bearer ${secrets.url}` } }),
      { any: true, hmac: false, secret: true },
    ],
    ['nothing at all', request(), { any: false, hmac: false, secret: false }],
    [
      'the signing secret sent in the URL',
      request({ query: { secret: secrets.signing } }),
      { any: false, hmac: false, secret: false },
    ],
    [
      'signed with the URL secret',
      request({ headers: { 'x-webhook-hmac': sign(rawBody, secrets.url) } }),
      { any: false, hmac: false, secret: false },
    ],
    [
      'signed with SHA-256 where the sender signs with SHA-512',
      request({ headers: { 'x-webhook-hmac': sign(rawBody, secrets.signing, 'sha256') } }),
      { any: false, hmac: false, secret: false },
    ],
  ])('%s', (_name, given, expected) => {
    for (const accepted of ['any', 'hmac', 'secret'] as const) {
      expect([accepted, isAuthentic(given, plain, accepted)]).toEqual([
        accepted,
        expected[accepted],
      ]);
    }
  });

  test('a valid secret in the URL does not replace an invalid signature', () => {
    const both = request({
      headers: { 'x-webhook-hmac': sign('another body', secrets.signing) },
      query: { secret: secrets.url },
    });
    expect(isAuthentic(both, plain, 'any')).toBe(false);
  });

  test('without a stored secret no request is authentic', () => {
    const empty = request({
      headers: { 'x-webhook-hmac': sign(rawBody, '') },
      query: { secret: '' },
    });
    expect(isAuthentic(empty, {}, 'any')).toBe(false);
    expect(isAuthentic(request({ query: { secret: '' } }), plain, 'any')).toBe(false);
  });

  test('no request without the secret is authentic, whatever its headers, query and path', () => {
    const name = fc.constantFrom('x-webhook-hmac', 'x-webhook-secret', 'authorization', 'secret');
    const fields = fc.dictionary(name, fc.string());
    fc.assert(
      fc.property(fields, fields, fc.string(), (headers, query, path) => {
        expect(isAuthentic(request({ headers, query, path }), plain, 'any')).toBe(false);
      }),
    );
  });
});

const several: Keyrings = {
  hmac: {
    version: 1,
    senders: {
      waha: {
        secrets: [
          { id: 'old', value: 'waha-old' },
          { id: 'new', value: 'waha-new' },
        ],
      },
      branch: { sessions: ['shop'], secrets: [{ id: 'only', value: 'branch-secret' }] },
      gateway: {
        algorithm: 'sha256',
        header: 'x-hub-signature-256',
        secrets: [{ id: 'g1', value: 'gateway-secret' }],
      },
    },
  } satisfies Keyring,
  secret: {
    version: 1,
    senders: {
      wawp: { secrets: [{ id: 'w1', value: 'wawp-secret' }] },
      partner: { header: 'x-partner-key', secrets: [{ id: 'p1', value: 'partner-secret' }] },
    },
  } satisfies Keyring,
};

describe('several senders', () => {
  test.each<[string, Partial<SignedRequest>, string[]]>([
    [
      'the older of two',
      { headers: { 'x-webhook-hmac': sign(rawBody, 'waha-old') } },
      ['waha/old'],
    ],
    [
      'the newer of two',
      { headers: { 'x-webhook-hmac': sign(rawBody, 'waha-new') } },
      ['waha/new'],
    ],
    [
      'SHA-256 in a header of its own, with the name of the digest before it',
      {
        headers: { 'x-hub-signature-256': `sha256=${sign(rawBody, 'gateway-secret', 'sha256')}` },
      },
      ['gateway/g1'],
    ],
    [
      'a secret in a header of its own',
      { headers: { 'x-partner-key': 'partner-secret' } },
      ['partner/p1'],
    ],
    ['a secret in a header of another sender', { headers: { 'x-partner-key': 'wawp-secret' } }, []],
    [
      'secrets of two senders at once',
      { headers: { 'x-partner-key': 'partner-secret' }, query: { secret: 'wawp-secret' } },
      ['wawp/w1', 'partner/p1'],
    ],
  ])('%s identifies the sender', (_name, parts, expected) => {
    const { matches } = authenticate(request(parts), several, 'any');
    expect(matches.map(({ sender, secretId }) => `${sender}/${secretId}`)).toEqual(expected);
  });

  test('headers without a signature or secret do not change the result', () => {
    const headers = { 'x-webhook-hmac': sign(rawBody, 'branch-secret') };
    const before = authenticate(request({ headers }), several, 'any');
    expect(before.matches).toMatchObject([{ sender: 'branch', sessions: ['shop'] }]);
    const more = {
      'x-sender': 'waha',
      'user-agent': 'WAHA/2026.4',
      'x-webhook-hmac-algorithm': 'sha256',
      ...headers,
    };
    expect(authenticate(request({ headers: more }), several, 'any')).toEqual(before);
  });

  test('the use of an older secret is recognized, so that it can be retired', () => {
    const isOlder = (value: string) =>
      authenticate(
        request({ headers: { 'x-webhook-hmac': sign(rawBody, value) } }),
        several,
        'any',
      ).matches.map((match) => match.isOlder);
    expect([isOlder('waha-old'), isOlder('waha-new')]).toEqual([[true], [false]]);
  });

  test('secrets are read again only if the request has a signature or a secret', () => {
    const isPresented = (parts: Partial<SignedRequest>) =>
      authenticate(request(parts), several, 'any').isPresented;
    expect(isPresented({})).toBe(false);
    expect(isPresented({ headers: { 'x-webhook-hmac': 'nonsense' } })).toBe(false);
    expect(isPresented({ headers: { 'x-webhook-hmac': sign(rawBody, 'next') } })).toBe(true);
    expect(isPresented({ query: { secret: 'next' } })).toBe(true);
  });
});

describe('the log says of a refused request', () => {
  test.each<[string, Authentication, Partial<SignedRequest>, string]>([
    ['that it proves nothing', 'any', {}, 'no-proof'],
    ['that it is not signed', 'hmac', {}, 'no-signature'],
    ['that it is not signed, whatever secret it has', 'hmac', inUrl, 'no-signature'],
    ['that it has no secret', 'secret', {}, 'no-secret'],
    [
      'that its signature is none',
      'any',
      { headers: { 'x-webhook-hmac': 'none' } },
      'malformed-signature',
    ],
    [
      'that its signature does not fit',
      'any',
      { headers: { 'x-webhook-hmac': sign(rawBody, 'another') } },
      'wrong-signature',
    ],
    ['that its secret does not fit', 'any', { query: { secret: 'another' } }, 'wrong-secret'],
  ])('%s', (_name, accepted, parts, fault) => {
    const { matches, fault: found } = authenticate(request(parts), plain, accepted);
    expect(matches).toEqual([]);
    expect(found).toBe(fault);
  });
});
