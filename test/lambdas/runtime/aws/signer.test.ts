import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { credentialsFrom } from '../../../../lambdas/runtime/aws/credentials.ts';
import { type RequestKind, Signer } from '../../../../lambdas/runtime/aws/signer.ts';

/** SHA-256 as the SDK's signer wants it. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array) {
    this.#hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
}

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

/** The headers of a request's head, by name. */
function headersOf(head: string): Record<string, string> {
  const lines = head.split('\r\n').slice(1, -2);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
}

describe('a signed request', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 2_000 });
  const word = fc.string({
    unit: fc.constantFrom(...'abcXYZ019-._~'),
    minLength: 1,
    maxLength: 60,
  });
  const time = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2099-12-31T23:59:59Z'),
    noInvalidDate: true,
  });

  test('has the signature that the official signer gives it, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ body: text, path: fc.array(word), target: word, host: word, at: time }),
        fc.option(word, { nil: undefined }),
        fc.constantFrom('events', 'dynamodb', 'sqs', 'secretsmanager', 's3'),
        async ({ body, path, target, host, at }, sessionToken, service) => {
          const own = { ...credentials, sessionToken };
          const unsigned: RequestKind & { readonly body: Buffer } = {
            method: service === 's3' ? 'PUT' : 'POST',
            path: `/${path.join('/')}`,
            headers: {
              'content-type': 'application/x-amz-json-1.1',
              host,
              ...(service === 's3'
                ? { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') }
                : { 'x-amz-target': target }),
            },
            body: Buffer.from(body),
          };
          fc.pre(path.every((part) => part !== '.' && part !== '..'));
          const official = new SignatureV4({
            ...{ service, region: 'eu-central-1', credentials: own as never },
            sha256: Sha256 as never,
            uriEscapePath: false,
            applyChecksum: false,
          });
          const expected = await official.sign(
            { ...unsigned, protocol: 'https:', hostname: host, query: {} } as never,
            { signingDate: at },
          );
          const signer = new Signer(service, 'eu-central-1', own);
          const { 'content-length': length, ...headers } = headersOf(
            signer.prepare(unsigned)(unsigned.body, at),
          );
          expect(headers).toEqual((expected as unknown as RequestKind).headers);
          expect(Number(length)).toBe(Buffer.byteLength(body));
        },
      ),
    );
  });

  test('is signed with the key of its own day', () => {
    const signer = new Signer('events', 'us-east-1', credentials);
    const kind = { method: 'POST', path: '/', headers: { host: 'h' } } as const;
    const sign = signer.prepare(kind);
    const times = ['2026-01-01T23:59:59Z', '2026-01-02T00:00:00Z', '2026-01-01T23:59:59Z'];
    const heads = times.map((at) => sign('', new Date(at)));
    expect(heads[0]).toBe(heads[2]);
    expect(heads[1]).toContain('/20260102/us-east-1/events/aws4_request');
    const alone = new Signer('events', 'us-east-1', credentials);
    expect(heads[1]).toBe(alone.prepare(kind)('', new Date('2026-01-02T00:00:00Z')));
  });
});

describe('the credentials of a function', () => {
  test('come from the environment that Lambda makes', () => {
    expect(
      credentialsFrom({
        ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' },
      }),
    ).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
  });

  test('that are missing are named', () => {
    expect(() => credentialsFrom({ AWS_ACCESS_KEY_ID: 'a' })).toThrow(/AWS_SECRET_ACCESS_KEY/);
  });
});
