import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sign } from '../../../events/signature.ts';
import {
  type Authentication,
  isAuthentic,
  type SignedRequest,
} from '../../../lambdas/ingest/authenticate.ts';

const secrets = { signing: 'the-signing-secret', url: 'the-url-secret' };
const rawBody = Buffer.from('{"event":"message"}');
const signature = sign(rawBody, secrets.signing);

const request = (parts: Partial<SignedRequest> = {}): SignedRequest => ({
  rawBody,
  headers: {},
  query: {},
  ...parts,
});
const signed = request({ headers: { 'x-webhook-hmac': signature } });
const inUrl = request({ query: { secret: secrets.url } });

describe('authentication', () => {
  test.each<[string, SignedRequest, Record<Authentication, boolean>]>([
    ['signed as WAHA does', signed, { any: true, hmac: true, secret: false }],
    ['secret in the URL, as Wawp advises', inUrl, { any: true, hmac: false, secret: true }],
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
  ])('%s', (_name, given, expected) => {
    for (const accepted of ['any', 'hmac', 'secret'] as const) {
      expect([accepted, isAuthentic(given, secrets, accepted)]).toEqual([
        accepted,
        expected[accepted],
      ]);
    }
  });

  test('a right secret in the URL does not make up for a wrong signature', () => {
    const both = request({
      headers: { 'x-webhook-hmac': sign('another body', secrets.signing) },
      query: { secret: secrets.url },
    });
    expect(isAuthentic(both, secrets, 'any')).toBe(false);
  });

  test('where a stage has no secret, nothing is equal to it', () => {
    const empty = request({
      headers: { 'x-webhook-hmac': sign(rawBody, '') },
      query: { secret: '' },
    });
    expect(isAuthentic(empty, {}, 'any')).toBe(false);
    expect(isAuthentic(request({ query: { secret: '' } }), { url: '' }, 'any')).toBe(false);
  });

  test('no request without the secret is authentic, whatever its headers and query', () => {
    const name = fc.constantFrom('x-webhook-hmac', 'x-webhook-secret', 'authorization', 'secret');
    const fields = fc.dictionary(name, fc.string());
    fc.assert(
      fc.property(fields, fields, (headers, query) => {
        expect(isAuthentic(request({ headers, query }), secrets, 'any')).toBe(false);
      }),
    );
  });
});
