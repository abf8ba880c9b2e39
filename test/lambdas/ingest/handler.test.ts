import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import type { Envelope } from '../../../events/envelope.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import type { AuthScheme, Keyring } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { sign } from '../../../events/signature.ts';
import { type IngestDependencies, ingestHandler } from '../../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { type ClaimCheck, maxDetailBytes } from '../../../lambdas/ingest/publish.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';

const signingSecret = 'the-signing-secret';

/** Ingest with a bus that keeps what it is given. */
function setUp(changes: Partial<IngestDependencies> = {}) {
  const published: PutEventsRequestEntry[] = [];
  const claimChecks = new Map<string, string>();
  const spilled: PutEventsRequestEntry[] = [];
  const handler = ingestHandler({
    busName: 'whatsapp-test',
    authentication: 'any',
    maxBodyBytes: 5_000_000,
    keyrings: new SecretCache(async (scheme: AuthScheme) =>
      readKeyring(scheme === 'hmac' ? signingSecret : 'the-url-secret', scheme),
    ),
    putEvents: async (entries) => {
      published.push(...entries);
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: async (key, text) => {
      claimChecks.set(key, text);
      return { claimCheck: { bucket: 'bucket', key, bytes: Buffer.byteLength(text) } };
    },
    spill: async ({ entry }) => {
      spilled.push(entry);
    },
    isDeduplicated: () => true,
    ...changes,
  });
  const send = async (body: string | Buffer, parts: Partial<IngestEvent> = {}) => {
    const event = {
      headers: { 'x-webhook-hmac': sign(body, signingSecret) },
      requestContext: { requestId: 'gateway-id', http: { sourceIp: '127.0.0.1' } },
      ...(typeof body === 'string'
        ? { body, isBase64Encoded: false }
        : { body: body.toString('base64'), isBase64Encoded: true }),
      ...parts,
    } as IngestEvent;
    const answer = await handler(event, {} as Context);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: JSON.parse(answer.body ?? ''),
    };
  };
  const envelopes = () => published.map(({ Detail = '' }) => JSON.parse(Detail) as Envelope);
  return { send, published, spilled, envelopes, claimChecks };
}

const message = JSON.stringify(exampleWebhook('message', 'waha'));

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  const keep = (...parts: unknown[]) => {
    lines.push(parts.map((part) => JSON.stringify(part)).join(' '));
  };
  for (const level of ['info', 'warn', 'error', 'log'] as const) {
    jest.spyOn(console, level).mockImplementation(keep);
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('an authentic webhook', () => {
  test('is answered 202 with its id and type, and published with its type as detail-type', async () => {
    const { send, published, envelopes } = setUp();
    const answer = await send(message);
    expect(answer).toMatchObject({ status: 202, body: { type: 'message' } });
    expect(published).toMatchObject([
      { EventBusName: 'whatsapp-test', Source: 'whatsapp', DetailType: 'message' },
    ]);
    const [envelope] = envelopes();
    expect(envelope?.meta.id).toBe(answer.body.id);
    expect(published[0]?.Time?.toISOString()).toBe(envelope?.meta.occurredAt);
  });

  test('has the full body as it was sent', async () => {
    const { send, envelopes } = setUp();
    await send(message);
    expect(envelopes()[0]?.raw).toStrictEqual(JSON.parse(message));
  });

  const webhookWith = (number: string) =>
    `{ "event":"presence.update", "session":"a",\n"payload":{"id":"1@c.us","deep":[${number}]} }`;

  test.each([
    ['0.10'],
    ['1E5'],
    ['-0'],
    ['123456789012345678'],
    ['-9223372036854775808'],
    ['9223372036854775807'],
    ['1.234567890123456789012345'],
  ])('keeps the digits of %s', async (number) => {
    const { send, published } = setUp();
    const body = webhookWith(number);
    await send(body);
    expect(published[0]?.Detail).toContain(`"raw":${body}`);
    await send(`[${body} , ${body}]`);
    expect(published[2]?.Detail).toContain(`"raw":${body}`);
  });

  test.each([['9223372036854775808'], ['-9223372036854775809'], ['1'.repeat(400)], ['1e999']])(
    'with the number %s, which EventBridge does not accept, has its body as text',
    async (number) => {
      const { send, envelopes } = setUp();
      await send(webhookWith(number));
      expect(envelopes()[0]).toMatchObject({
        meta: { type: 'presence.update' },
        raw: webhookWith(number),
      });
    },
  );

  test('never has an integer beyond 64 bits on the bus', async () => {
    const number = fc.oneof(
      fc.bigInt().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    );
    const webhook = exampleWebhook('message.ack', 'waha');
    await fc.assert(
      fc.asyncProperty(number, number, async (ack, other) => {
        const { send, published, envelopes } = setUp();
        const text = JSON.stringify({
          ...webhook,
          payload: { ...(webhook.payload as object), ack: 'ACK', more: 'MORE' },
        });
        const body = text.replace('"ACK"', ack).replace('"MORE"', other);
        expect((await send(body)).status).toBe(202);
        const { raw } = envelopes()[0] as Envelope;
        if (typeof raw === 'string') {
          expect(raw).toBe(body);
        } else {
          expect(published[0]?.Detail).toContain(`"raw":${body}`);
        }
        const outside = published[0]?.Detail?.replace(/"(?:[^"\\]|\\.)*"/g, '') ?? '';
        for (const [integer] of outside.matchAll(/(?<![\d.e+-])-?\d+(?![\d.eE])/g)) {
          expect(BigInt.asIntN(64, BigInt(integer))).toBe(BigInt(integer));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has the request id of its sender, the same in each retry', async () => {
    const { send, envelopes } = setUp();
    const headers = {
      'x-webhook-hmac': sign(message, signingSecret),
      'x-webhook-request-id': '18a767mkh37y0h',
    };
    await send(message, { headers });
    await send(message, { headers: { ...headers, 'x-webhook-request-id': 'not an id\n{}' } });
    expect(envelopes().map(({ meta }) => meta.requestId)).toEqual(['18a767mkh37y0h', 'gateway-id']);
  });

  test('may come as base64: the signature is over the bytes', async () => {
    const { send } = setUp();
    expect((await send(Buffer.from(message))).status).toBe(202);
  });

  test.each([
    ['not JSON', 'Hello?', 'not-json'],
    ['empty', '', 'not-json'],
    [
      'an unknown kind',
      '{"event":"message.translated","session":"a","payload":{}}',
      'unknown-event',
    ],
    ['no envelope', '{"hello":1}', 'not-an-envelope'],
    [
      'a payload of another shape',
      '{"event":"message","session":"a","payload":"text"}',
      'invalid-payload',
    ],
  ])('that is %s is accepted as unrecognized, with the reason', async (_name, body, reason) => {
    const { send, envelopes } = setUp();
    expect(await send(body)).toMatchObject({ status: 202, body: { type: 'unrecognized' } });
    expect(envelopes()[0]).toMatchObject({ meta: { type: 'unrecognized' }, data: { reason } });
  });

  test('with several events publishes each of them', async () => {
    const { send, envelopes } = setUp();
    const answer = await send(
      `[${message},${JSON.stringify(exampleWebhook('call.received', 'wawp'))}]`,
    );
    expect(answer.body.events.map(({ type }: { type: string }) => type)).toEqual([
      'message',
      'call.received',
    ]);
    expect(envelopes()).toHaveLength(2);
  });
});

describe('a request that is not authentic', () => {
  test.each<[string, Partial<IngestEvent>]>([
    ['without signature or secret', { headers: {} }],
    ['signed for another body', { headers: { 'x-webhook-hmac': sign('other', signingSecret) } }],
    ['signed with another secret', { headers: { 'x-webhook-hmac': sign(message, 'guess') } }],
    ['with a wrong secret in the URL', { headers: {}, queryStringParameters: { secret: 'guess' } }],
  ])('%s is answered 401 without the reason, and publishes nothing', async (_name, parts) => {
    const { send, published } = setUp();
    expect(await send(message, parts)).toMatchObject({
      status: 401,
      body: { error: 'unauthorized' },
    });
    expect(published).toEqual([]);
  });

  test('is refused before it is parsed', async () => {
    const { send } = setUp();
    expect((await send('{"event":', { headers: {} })).status).toBe(401);
  });

  test('is logged without its secret, signature or content', async () => {
    const { send } = setUp();
    const forged = sign(message, 'guess');
    await send(message, {
      headers: { 'x-webhook-hmac': forged },
      queryStringParameters: { secret: 'guess-7' },
    });
    const printed = lines.join('\n');
    expect(printed).toContain('unauthorized');
    for (const secret of [forged, 'guess-7', signingSecret, 'Hello', '447700900']) {
      expect(printed).not.toContain(secret);
    }
  });
});

describe('in case of errors', () => {
  test('a body that is too large is answered 413', async () => {
    const { send, published } = setUp({ maxBodyBytes: 1_000 });
    expect(await send('x'.repeat(1_001))).toMatchObject({
      status: 413,
      body: { error: 'too-large' },
    });
    expect(published).toEqual([]);
  });

  const refusing: Partial<IngestDependencies> = {
    putEvents: async (entries) =>
      entries.map(() => ({ ErrorCode: 'NotAuthorizedForSourceException' })),
  };

  test('an event that the bus refuses goes to the spill queue, and the sender gets 202', async () => {
    const { send, spilled } = setUp(refusing);
    expect(await send(message)).toMatchObject({ status: 202, body: { type: 'message' } });
    expect(spilled).toMatchObject([{ Source: 'whatsapp', DetailType: 'message' }]);
  });

  test('only if the spill queue refuses too, the answer is 503 with Retry-After', async () => {
    const { send } = setUp({
      ...refusing,
      spill: async () => {
        throw new Error('down');
      },
    });
    const answer = await send(message);
    expect(answer).toMatchObject({ status: 503, body: { error: 'unavailable' } });
    expect(Number(answer.headers?.['retry-after'])).toBeGreaterThan(0);
  });

  test('secrets that cannot be read are answered 503, not 401', async () => {
    const keyrings = new SecretCache<AuthScheme, Keyring>(async () => {
      throw new Error('down');
    });
    const answer = await setUp({ keyrings }).send(message);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  test('a claim check that cannot be written is answered 503', async () => {
    const { send, published } = setUp({
      putClaimCheck: async () => {
        throw new Error('S3 answered 500');
      },
    });
    expect((await send(largeMessage({ _data: { thumbnail: 'x'.repeat(900_000) } }))).status).toBe(
      503,
    );
    expect(published).toEqual([]);
  });
});

describe('a payload that is too large for the bus', () => {
  test('is stored as a claim check, and the event has its data', async () => {
    const { send, envelopes, claimChecks } = setUp();
    const body = largeMessage({ _data: { thumbnail: 'x'.repeat(900_000) } });
    expect((await send(body)).status).toBe(202);
    const [envelope] = envelopes();
    const { claimCheck } = (envelope as Envelope).raw as ClaimCheck;
    expect(envelope).toMatchObject({
      meta: { type: 'message' },
      data: { body: expect.any(String) },
    });
    expect(claimChecks.get(claimCheck.key)).toBe(body);
    expect(claimCheck.bytes).toBeGreaterThan(900_000);
  });

  test('is unrecognized if its data alone is too large, and nothing is lost', async () => {
    const { send, envelopes, claimChecks } = setUp();
    const body = largeMessage({ body: '😀'.repeat(250_000) });
    expect(await send(body)).toMatchObject({ status: 202, body: { type: 'unrecognized' } });
    expect(envelopes()[0]).toMatchObject({ data: { reason: 'too-large', event: 'message' } });
    expect([...claimChecks.values()]).toEqual([body]);
  });

  test('is stored with the full body, if the fields around it are large', async () => {
    const { send, envelopes, claimChecks } = setUp();
    const around = { event: 'message.translated', session: 'a', huge: 'x'.repeat(900_000) };
    expect((await send(JSON.stringify(around))).status).toBe(202);
    expect(envelopes()[0]).toMatchObject({
      data: { reason: 'unknown-event' },
      raw: { claimCheck: {} },
    });
    expect([...claimChecks.values()]).toEqual([JSON.stringify(around)]);
  });

  test('never replaces another claim check, and is one object for all retries', async () => {
    const { send, claimChecks } = setUp();
    const bodies = ['x', 'y', 'x'].map((character) =>
      largeMessage({ _data: character.repeat(900_000) }),
    );
    for (const body of bodies) {
      await send(body);
    }
    expect([...claimChecks.values()]).toEqual([bodies[0], bodies[1]]);
  });

  test('of any size results in an event that fits on the bus', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1_200_000 }),
        fc.constantFrom('data', 'payload', 'body'),
        async (size, where) => {
          const { send, published } = setUp();
          const text = 'é'.repeat(size / 2);
          await send(
            where === 'body'
              ? JSON.stringify({ ...JSON.parse(message), text })
              : largeMessage(where === 'data' ? { body: text } : { _data: { text } }),
          );
          expect(Buffer.byteLength(published[0]?.Detail ?? '')).toBeLessThanOrEqual(maxDetailBytes);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('any request', () => {
  const proof = fc.constantFrom('signature', 'forged', 'none');

  test('is answered 202, 401 or 413, never 500', async () => {
    const { send } = setUp({ maxBodyBytes: 5_000 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 6_000 }), proof, async (bytes, how) => {
        const body = Buffer.from(bytes);
        const headers = {
          'x-webhook-hmac': sign(body, how === 'signature' ? signingSecret : 'guess'),
        };
        const { status } = await send(body, how === 'none' ? { headers: {} } : { headers });
        expect(status).toBe(body.length > 5_000 ? 413 : how === 'signature' ? 202 : 401);
      }),
    );
  });

  test('with authentic JSON of any form is accepted', async () => {
    const { send } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        expect((await send(json)).status).toBe(202);
      }),
    );
  });
});

function largeMessage(payload: object): string {
  const webhook = exampleWebhook('message', 'waha');
  return JSON.stringify({ ...webhook, payload: { ...(webhook.payload as object), ...payload } });
}
