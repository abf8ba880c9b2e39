import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { sign } from '../../events/signature.ts';
import { type AwsAtTheWire, startAwsAtTheWire } from './aws-at-the-wire.ts';
import { chanceOf, integer, seed } from './chance.ts';
import { flipBit, type HostileRequest, hostileRequest, type Target } from './hostile-request.ts';

const requests = Number(process.env.FUZZ_REQUESTS ?? 200_000);

/** How many of them are signed; each costs calls to AWS. */
const authentic = 0.02;

/** What is kept from garbage collection over the second half of the requests, at most. */
const maxGrowthBytes = 16 * 1024 * 1024;

const target: Target = {
  signingSecret: 'fuzz-signing-secret-4f1d',
  urlSecret: 'fuzz-url-secret-9c2e',
};
const genuine = Buffer.from(JSON.stringify(exampleWebhook('message', 'waha')));

interface Answer {
  readonly statusCode: number;
}

/** What ingest logs with. */
const levels = ['info', 'warn', 'error'] as const;
const spoken = { ...console };
const write = process.stdout.write;

let summary: object = {};
let aws: AwsAtTheWire;
let handler: (event: unknown, context: unknown) => Promise<Answer>;
const printed = { lines: 0, occurrence: '' };

beforeAll(async () => {
  console.log(`FUZZ_SEED=${seed} repeats this run`);
  aws = await startAwsAtTheWire({ signing: target.signingSecret, url: target.urlSecret });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'fuzz',
    AWS_SECRET_ACCESS_KEY: 'fuzz',
    AUTHENTICATION: 'any',
    BUS_NAME: 'whatsapp-fuzz',
    CLAIM_CHECK_BUCKET: 'claim-checks',
    DEDUPLICATE: 'all',
    DEDUPLICATION_TABLE: 'deduplication',
    IDENTITIES_TABLE: 'identities',
    TIMEOUT_SECONDS: '24',
    MAX_BODY_BYTES: '1000000',
    SIGNING_SECRET_ARN: 'signing',
    SPILL_QUEUE_URL: `${aws.endpoint}/000000000000/spill`,
    STAGE: 'fuzz',
    URL_SECRET_ARN: 'url',
  });
  ({ handler } = (await import('../../lambdas/ingest/ingest.ts')) as never);
  // Not by spies: those keep what they are called with, which would be memory that nobody frees.
  for (const level of levels) {
    console[level] = (...parts) => listen(JSON.stringify(parts));
  }
  process.stdout.write = (text: unknown) => {
    listen(String(text));
    return true;
  };
});

afterAll(async () => {
  Object.assign(console, spoken);
  process.stdout.write = write;
  console.log(summary);
  await aws.close();
});

/** Nothing that is logged may hold a secret. */
function listen(line: string): void {
  printed.lines += 1;
  if (line.includes(target.signingSecret) || line.includes(target.urlSecret)) {
    printed.occurrence = line;
  }
}

/** The request as a front door hands it over: payload format 2.0 or, every third time, 1.0. */
function toEvent({ method, path, query, headers, body }: HostileRequest, format: number): object {
  const isBase64Encoded = format !== 1;
  const text = body.toString(isBase64Encoded ? 'base64' : 'utf8');
  const shared = { headers, queryStringParameters: query, body: text, isBase64Encoded };
  if (format === 0) {
    const requestContext = { requestId: 'r', identity: { sourceIp: '203.0.113.1' } };
    return { ...shared, httpMethod: method, path, requestContext };
  }
  const requestContext = { requestId: 'r', http: { method, path, sourceIp: '203.0.113.1' } };
  return { ...shared, version: '2.0', rawPath: path, requestContext };
}

/** Node's own: the tests' context has none. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe(`ingest under attack (seed ${seed})`, () => {
  test(`${requests} hostile requests: no error of ours, no forgery accepted, no secret printed, no memory leaked`, async () => {
    const chance = chanceOf('handler');
    const statuses = new Map<number, number>();
    let expectedEvents = 0;
    let halfway = 0;
    for (let count = 0; count < requests; count += 1) {
      const request = hostileRequest(chance, target, genuine, authentic);
      const before = aws.published();
      const format = integer(chance, 3);
      const { statusCode } = await handler(toEvent(request, format), {});
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      const isTaken = statusCode >= 200 && statusCode < 300;
      const isForged = isTaken && !request.isAuthentic;
      if (statusCode >= 500 || isForged || (!isTaken && aws.published() > before)) {
        throw new Error(`Request ${count} (${request.attack}) was answered ${statusCode}`);
      }
      if (isTaken) {
        expectedEvents += 1;
      }
      if (count === Math.floor(requests / 2)) {
        halfway = heapAfterCollection();
      }
    }
    const growth = heapAfterCollection() - halfway;
    expect(printed).toEqual({ lines: expect.any(Number), occurrence: '' });
    expect(printed.lines).toBeGreaterThan(requests);
    expect(growth).toBeLessThan(maxGrowthBytes);
    // The attack was one: signed ones came through, the others did not.
    expect(expectedEvents).toBeGreaterThan(requests * authentic * 0.5);
    expect(statuses.get(401)).toBeGreaterThan(requests * 0.7);
    summary = { seed, statuses: Object.fromEntries(statuses), growthBytes: growth };
  }, 1_200_000);

  test('every change of a single bit of body, signature or secret is refused', async () => {
    const signature = Buffer.from(sign(genuine, target.signingSecret));
    const urlSecret = Buffer.from(target.urlSecret);
    const at = (bytes: Buffer) => Array.from({ length: bytes.length * 8 }, (_, bit) => bit);
    const post = async (body: Buffer, headers: Record<string, string>) => {
      const request = { method: 'POST', path: '/webhooks', query: {}, headers, body };
      const { statusCode } = await handler(toEvent(request as HostileRequest, 2), {});
      return statusCode;
    };
    expect(await post(genuine, { 'x-webhook-hmac': signature.toString() })).toBe(202);
    expect(await post(genuine, { 'x-webhook-secret': target.urlSecret })).toBe(202);
    const taken: string[] = [];
    const refuse = async (what: string, body: Buffer, headers: Record<string, string>) => {
      if ((await post(body, headers)) !== 401) {
        taken.push(what);
      }
    };
    for (const bit of at(genuine)) {
      const headers = { 'x-webhook-hmac': signature.toString() };
      await refuse(`body ${bit}`, flipBit(genuine, bit), headers);
    }
    for (const bit of at(signature)) {
      const headers = { 'x-webhook-hmac': flipBit(signature, bit).toString('latin1') };
      await refuse(`signature ${bit}`, genuine, headers);
    }
    for (const bit of at(urlSecret)) {
      const headers = { 'x-webhook-secret': flipBit(urlSecret, bit).toString('latin1') };
      await refuse(`secret ${bit}`, genuine, headers);
    }
    expect(taken).toEqual([]);
  }, 600_000);

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['nulls', { headers: null, body: null, requestContext: null, queryStringParameters: null }],
    ['a format 1.0 of nulls', { httpMethod: 'POST', path: '/webhooks', headers: null, body: null }],
    ['no path', { version: '2.0', body: 'x', isBase64Encoded: true }],
    ['base64 that is none', { headers: {}, body: '%%%', isBase64Encoded: true }],
    ['a flood of bytes', { headers: {}, body: 'x'.repeat(6_000_000) }],
  ])('an event that is %s is refused, not a fault', async (_name, event) => {
    const { statusCode } = await handler(event, {});
    expect([401, 413]).toContain(statusCode);
  });
});
