import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorIn, jsonClient } from '../../../../lambdas/runtime/aws/aws-client.ts';
import { AwsError, NoAnswerError } from '../../../../lambdas/runtime/aws/aws-error.ts';
import { withRetries } from '../../../../lambdas/runtime/aws/retry.ts';
import { type Answer, StubServer } from './stub-server.ts';

const service = {
  name: 'events',
  variable: 'EVENTBRIDGE',
  target: 'AWSEvents',
  version: '1.1',
} as const;
const settings = { attempts: 3, connectMs: 10_000, answerMs: 10_000, budgetMs: 20_000 };
const wait = async () => {};

const stubs: StubServer[] = [];
afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close();
});

/** A client of a stub that answers in this way. */
async function setUp(answer: Answer, changes: Partial<typeof settings> = {}, now?: () => number) {
  const stub = await StubServer.start(answer);
  stubs.push(stub);
  const { environment } = stub;
  const call = jsonClient(
    service,
    { ...settings, ...changes },
    { environment, wait, ...(now && { now }) },
  );
  return { call, stub };
}

const failing =
  (status: number, body: object, headers?: Record<string, string>): Answer =>
  (_request, _response, index) =>
    index === 0 ? [status, body, headers] : [200, { fine: true }];

describe('a call', () => {
  test('is one signed request of the AWS JSON protocol, and its answer', async () => {
    const { call, stub } = await setUp(() => [200, { Entries: [{ EventId: 'é😀' }] }]);
    expect(await call('PutEvents', { Entries: ['é😀'] })).toEqual({
      Entries: [{ EventId: 'é😀' }],
    });
    expect(stub.seen).toMatchObject([
      {
        ...{ method: 'POST', url: '/', body: '{"Entries":["é😀"]}' },
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSEvents.PutEvents',
          host: `127.0.0.1:${stub.port}`,
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-central-1\/events\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
          ),
        },
      },
    ]);
  });

  test('goes over the connection of the one before', async () => {
    const { call, stub } = await setUp(() => [200, {}]);
    for (let index = 0; index < 5; index++) await call('PutEvents', {});
    expect(stub.connections).toBe(1);
  });

  test('of a hundred at once has a connection of its own, or waits for one of fifty', async () => {
    const { call, stub } = await setUp(({ body }) => [200, JSON.parse(body)]);
    const numbers = Array.from({ length: 100 }, (_, number) => ({ number }));
    expect(await Promise.all(numbers.map((each) => call('PutEvents', each)))).toEqual(numbers);
    expect(stub.connections).toBe(50);
  });

  /** Of one to four bytes, half of a character, and what JSON escapes. */
  const odd = ['a', 'é', '\u2028', '😀', '\ud83d', '\u0000', '"', '\\'];

  test('whatever is in it comes through as it is, and comes back', async () => {
    const { call } = await setUp(({ body }) => [200, JSON.parse(body)]);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: fc.constantFrom(...odd) }), fc.jsonValue()),
        async (input) => {
          const expected = JSON.parse(JSON.stringify(input));
          expect(await call('PutEvents', input)).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('over a connection that the server has closed since is made over a new one', async () => {
    const { call, stub } = await setUp(() => [200, {}], { attempts: 1 });
    await call('PutEvents', {});
    stub.closeIdle();
    await call('PutEvents', {});
    expect(stub.connections).toBe(2);
  });

  test('that an old connection breaks before an answer is made once more, a broken new one is told', async () => {
    const { call } = await setUp(
      (_request, response, index) => {
        if (index === 0 || index === 2) return [200, {}];
        response.destroy();
        return undefined;
      },
      { attempts: 1 },
    );
    await call('PutEvents', {});
    await call('PutEvents', {});
    const broken = await setUp(
      (_request, response) => {
        response.destroy();
        return undefined;
      },
      { attempts: 1 },
    );
    await expect(broken.call('PutEvents', {})).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(broken.stub.seen).toHaveLength(1);
  });
});

describe('an error', () => {
  test.each<[string, number, object, Record<string, string>]>([
    [
      'in __type with a namespace',
      400,
      { __type: 'com.amazonaws.dynamodb#OddException', message: 'why' },
      {},
    ],
    ['in __type', 400, { __type: 'OddException', Message: 'why' }, {}],
    ['in code', 400, { code: 'OddException', message: 'why' }, {}],
    ['in a header', 400, { message: 'why' }, { 'x-amzn-errortype': 'OddException:http://x/' }],
  ])("named %s has AWS's name, message and status", async (_name, status, body, headers) => {
    const { call, stub } = await setUp(() => [status, body, headers]);
    await expect(call('PutEvents', {})).rejects.toMatchObject({
      ...{ name: 'OddException', message: 'why', $metadata: { httpStatusCode: status } },
    });
    expect(stub.seen).toHaveLength(1);
  });

  test('without a name is named by its status', () => {
    const answer = {
      status: 503,
      headers: new Map(),
      body: Buffer.from('<html>'),
      isReusable: true,
    };
    expect(errorIn(answer)).toMatchObject({ name: 'Http503', $metadata: { httpStatusCode: 503 } });
  });

  test.each<[string, Answer]>([
    ['a throttled call', failing(400, { __type: 'ThrottlingException' })],
    [
      'a call beyond the capacity',
      failing(400, { __type: 'ProvisionedThroughputExceededException' }),
    ],
    ['429', failing(429, {})],
    ['500', failing(500, { __type: 'InternalFailure' })],
    [
      '503 with a page',
      (_request, response, index) => {
        if (index > 0) return [200, { fine: true }];
        response.writeHead(503).end('<html>');
        return undefined;
      },
    ],
    [
      'a broken connection',
      (_request, response, index) => {
        if (index > 0) return [200, { fine: true }];
        response.destroy();
        return undefined;
      },
    ],
    [
      'an answer that is cut off',
      (_request, response, index) => {
        if (index > 0) return [200, { fine: true }];
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"fine":', () => response.destroy());
        return undefined;
      },
    ],
  ])('that may pass is overcome: %s', async (_name, answer) => {
    const { call, stub } = await setUp(answer);
    expect(await call('PutEvents', {})).toEqual({ fine: true });
    expect(stub.seen).toHaveLength(2);
  });

  test('that stays is told after the last attempt', async () => {
    const { call, stub } = await setUp(() => [500, { __type: 'InternalFailure' }]);
    await expect(call('PutEvents', {})).rejects.toBeInstanceOf(AwsError);
    expect(stub.seen).toHaveLength(3);
  });

  test('is not tried again once the budget is used up, whatever attempts are left', async () => {
    let now = 0;
    let tries = 0;
    const slow = async () => {
      tries++;
      now += 400;
      throw new NoAnswerError('TimeoutError', '');
    };
    const pass = async (ms: number) => {
      now += ms;
    };
    const ports = { now: () => now, random: () => 1, wait: pass };
    await expect(withRetries(slow, { attempts: 100, budgetMs: 1_000 }, ports)).rejects.toThrow();
    expect(tries).toBe(3);
  });

  test('no answer in time is a TimeoutError, and its connection is not used again', async () => {
    const { call, stub } = await setUp(
      (_request, _response, index) => (index === 0 ? undefined : [200, {}]),
      { attempts: 1, answerMs: 50 },
    );
    await expect(call('PutEvents', {})).rejects.toMatchObject({ name: 'TimeoutError' });
    await call('PutEvents', {});
    expect(stub.connections).toBe(2);
  });

  test('nobody at the endpoint is a ConnectionError', async () => {
    const { call, stub } = await setUp(() => [200, {}], { attempts: 1 });
    await stub.close();
    await expect(call('PutEvents', {})).rejects.toMatchObject({ name: 'ConnectionError' });
  });

  test.each([-3_600_000, 3_600_000])(
    'of a clock that is wrong by %s ms is put right',
    async (off) => {
      const isRight = (date: string) =>
        Math.abs(
          Date.parse(date.replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5')) - Date.now(),
        ) < 60_000;
      const { call, stub } = await setUp(
        ({ headers }) =>
          isRight(String(headers['x-amz-date']))
            ? [200, { fine: true }]
            : [400, { __type: 'InvalidSignatureException', message: 'Signature expired' }],
        { attempts: 1 },
        () => Date.now() + off,
      );
      expect(await call('PutEvents', {})).toEqual({ fine: true });
      expect(await call('PutEvents', {})).toEqual({ fine: true });
      expect(stub.seen).toHaveLength(3);
    },
  );
});
