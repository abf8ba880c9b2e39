import { createHmac, hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import type { HashConstructor } from '@smithy/types';
import fc from 'fast-check';

type Clients = typeof import('../../../lambdas/runtime/aws-clients.ts');

/** Answers a request; its body has been read. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer;
const requests: IncomingMessage[] = [];
/** The bodies of `requests`. */
const bodies: unknown[] = [];
let connections = 0;
const server = createServer(async (request, response) => {
  bodies.push(await json(request));
  requests.push(request);
  answer(request, response);
}).on('connection', () => {
  connections++;
});

const environment = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };
let loaded = 0;

/** The clients as a new execution environment makes them, with these variables. */
async function load(variables: Record<string, string>): Promise<Clients> {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, environment, variables);
  return import(`../../../lambdas/runtime/aws-clients.ts?${loaded++}`);
}

const localVariables = () => {
  const { port } = server.address() as AddressInfo;
  return { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
};

const loadLocally = () => load(localVariables());

const before = { ...process.env };
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  process.env = before;
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  jest.restoreAllMocks();
});
beforeEach(() => {
  requests.length = 0;
  bodies.length = 0;
  connections = 0;
  answer = (_, response) => response.end('{}');
});

type Data = string | ArrayBuffer | ArrayBufferView;

/** Bytes in each form in which the SDK gives them: text, a buffer, or a view of a part of one. */
const forms: fc.Arbitrary<{ readonly given: Data; readonly bytes: Buffer }> = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((given) => ({ given, bytes: Buffer.from(given) })),
  fc.uint8Array().map((array) => ({ given: array.slice().buffer, bytes: Buffer.from(array) })),
  fc.uint8Array({ minLength: 2 }).map((array) => {
    const given = new DataView(array.slice().buffer, 1, array.length - 2);
    return { given, bytes: Buffer.from(array.subarray(1, -1)) };
  }),
);

/** Text with control characters, quotes, emoji and halves of surrogate pairs. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '\n', '\0', '\ud83d', '\ude00'),
    fc.string({ unit: 'binary' }),
  ),
});

/** A name of an attribute, except `__proto__`, which ingest and its consumers never use. */
const anyName = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');

const anyAttribute = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText.map((S) => ({ S })),
    fc.maxSafeInteger().map((number) => ({ N: String(number) })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true as const }),
    fc.uint8Array({ minLength: 1 }).map((B) => ({ B })),
    fc.array(tie('value')).map((L) => ({ L })),
    fc.dictionary(anyName, tie('value')).map((M) => ({ M })),
  ),
})).value;
const anyItem = fc.dictionary(anyName, anyAttribute, { minKeys: 1 });

/** An item in the JSON of DynamoDB: bytes are base64. */
const sent = (item: unknown): unknown =>
  JSON.parse(
    JSON.stringify(item, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );

const getItem = () => new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } });

describe('the clients', () => {
  test('are created once, at their first use', async () => {
    const { busClient, queueClient, secretsClient, tableClient } = await loadLocally();
    expect(busClient()).toBe(busClient());
    expect(queueClient()).toBe(queueClient());
    expect(secretsClient()).toBe(secretsClient());
    expect(tableClient('state')).toBe(tableClient('state'));
    expect(tableClient('state')).not.toBe(tableClient('deduplication'));
  });

  test('copy no request or response for a logger', async () => {
    const { busClient, queueClient, secretsClient, spillClient, tableClient } = await loadLocally();
    const names = (client: { middlewareStack: { identify(): string[] } }) =>
      client.middlewareStack.identify().map((each) => each.split(' ')[0]);
    expect(names(new DynamoDBClient())).toContain('loggerMiddleware');
    const table = tableClient('deduplication');
    for (const client of [busClient(), queueClient(), secretsClient(), spillClient(), table]) {
      expect(names(client)).not.toContain('loggerMiddleware');
    }
  });

  test('name themselves in one short header', async () => {
    const { queueClient, tableClient } = await loadLocally();
    await tableClient('state').send(getItem());
    await queueClient().send(
      new DeleteMessageCommand({ QueueUrl: 'https://q/1/q', ReceiptHandle: 'r' }),
    );
    expect(requests.map(({ headers }) => headers['user-agent'])).toEqual(
      Array(2).fill('whatsapp-event-fanout'),
    );
    expect(requests.filter(({ headers }) => headers['x-amz-user-agent'])).toEqual([]);
  });

  test('create one signer for all calls', async () => {
    const { busClient, queueClient, secretsClient, tableClient } = await loadLocally();
    for (const { config } of [busClient(), queueClient(), secretsClient(), tableClient('state')]) {
      expect(await config.signer()).toBe(await config.signer());
    }
  });

  test('create the signer again if the region was unknown at the first call', async () => {
    const { AWS_REGION, ...endpoint } = localVariables();
    const { tableClient } = await load(endpoint);
    const { config } = tableClient('state');
    await expect(config.signer()).rejects.toThrow('Region is missing');
    process.env.AWS_REGION = AWS_REGION;
    expect(await config.signer()).toBeDefined();
  });

  test('load the client for claim checks again if it could not be loaded at the first large webhook', async () => {
    let isReadable = false;
    jest.unstable_mockModule('@aws-sdk/client-s3', () => {
      if (!isReadable) {
        throw new Error('EMFILE: too many open files');
      }
      return { PutObjectCommand: class {}, S3Client: class {} };
    });
    const { claimCheckClient } = await loadLocally();
    await expect(claimCheckClient()).rejects.toThrow('EMFILE');
    isReadable = true;
    expect(await claimCheckClient()).toBe(await claimCheckClient());
    jest.unstable_unmockModule('@aws-sdk/client-s3');
  });

  test('keep their connection from call to call', async () => {
    const { tableClient } = await loadLocally();
    for (let call = 0; call < 3; call++) {
      await tableClient('state').send(getItem());
    }
    expect([requests.length, connections]).toEqual([3, 1]);
  });

  test('sign with the same SHA-256 and HMAC as node:crypto, whatever form key and data have', async () => {
    const { busClient } = await loadLocally();
    const Sha256 = busClient().config.sha256 as HashConstructor;
    const digest = async (data: Data, key?: Data) => {
      const sha256 = new Sha256(key);
      sha256.update(data);
      return Buffer.from(await sha256.digest()).toString('hex');
    };
    await fc.assert(
      fc.asyncProperty(forms, forms, async (data, key) => {
        expect(await digest(data.given)).toBe(hash('sha256', data.bytes, 'hex'));
        const hmac = createHmac('sha256', key.bytes).update(data.bytes).digest('hex');
        expect(await digest(data.given, key.given)).toBe(hmac);
      }),
    );
  });

  test('send the text of an event unchanged, whatever characters it has', async () => {
    const { busClient } = await loadLocally();
    const Time = new Date('2026-01-01T12:00:00.250Z');
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (Detail, Source) => {
        bodies.length = 0;
        await busClient().send(new PutEventsCommand({ Entries: [{ Detail, Source, Time }] }));
        expect(bodies).toEqual([{ Entries: [{ Detail, Source, Time: 1767268800.25 }] }]);
      }),
    );
  });

  test("write and read items as the SDK's default client does", async () => {
    const { tableClient } = await loadLocally();
    const standard = new DynamoDBClient();
    await fc.assert(
      fc.asyncProperty(anyItem, async (Item) => {
        bodies.length = 0;
        answer = (_, response) => response.end(JSON.stringify({ Attributes: sent(Item) }));
        const put = new PutItemCommand({ TableName: 't', Item, ReturnValues: 'ALL_OLD' });
        const results = [await tableClient('state').send(put), await standard.send(put)];
        expect(bodies).toEqual(Array(2).fill(expect.objectContaining({ Item: sent(Item) })));
        expect(results.map(({ Attributes }) => Attributes)).toEqual([Item, Item]);
      }),
    );
    standard.destroy();
  });

  test('time out if a response does not arrive or does not end', async () => {
    const { tableClient } = await loadLocally();
    answer = () => {};
    await expect(tableClient('deduplication').send(getItem())).rejects.toThrow(/timeout/i);
    expect(requests).toHaveLength(2);
    answer = (_, response) => void response.write('{"Item":');
    await expect(tableClient('deduplication').send(getItem())).rejects.toThrow();
  });

  test('time out if a connection is not established', async () => {
    // Accepts connections, and never begins TLS.
    const silent = net.createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { busClient } = await load({
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: `https://127.0.0.1:${port}`,
    });
    const publishing = busClient().send(new PutEventsCommand({ Entries: [] }));
    await expect(publishing).rejects.toThrow('exceeded the configured 1500 ms requestTimeout');
    silent.close();
  });

  test('retry a request whose response was lost, except the bus, for which `publish` retries', async () => {
    const { busClient, queueClient } = await loadLocally();
    let calls = 0;
    const stored = { MessageId: 'm', MD5OfMessageBody: hash('md5', 'm') };
    answer = (request, response) =>
      calls++ === 0 ? request.socket.destroy() : response.end(JSON.stringify(stored));
    await queueClient().send(
      new SendMessageCommand({ QueueUrl: 'https://q/1/q', MessageBody: 'm' }),
    );
    expect(calls).toBe(2);
    calls = 0;
    const entry = { Source: 's', DetailType: 't', Detail: '{}' };
    await expect(busClient().send(new PutEventsCommand({ Entries: [entry] }))).rejects.toThrow();
    expect(calls).toBe(1);
  });

  test.each(['retry-after', 'x-amz-retry-after'])(
    'wait no longer than their time limits allow, whatever a throttled response with %s requests',
    async (header) => {
      jest.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
      const clients = await loadLocally();
      answer = ({ method }, response) => {
        const isS3 = method === 'PUT';
        response.writeHead(isS3 ? 503 : 400, { [header]: header === 'retry-after' ? 20 : 20_000 });
        response.end(
          isS3 ? '<Error><Code>SlowDown</Code></Error>' : '{"__type":"ThrottlingException"}',
        );
      };
      const { PutObjectCommand, client } = await clients.claimCheckClient();
      const message = new SendMessageCommand({ QueueUrl: 'https://q/1/q', MessageBody: 'm' });
      const calls = {
        secrets: clients.secretsClient().send(new GetSecretValueCommand({ SecretId: 's' })),
        deduplication: clients.tableClient('deduplication').send(getItem()),
        idempotency: clients.tableClient('idempotency').send(getItem()),
        spill: clients.spillClient().send(message),
        queues: clients.queueClient().send(message),
        claimChecks: client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: '{}' })),
      };
      const results = await Promise.allSettled(Object.values(calls));
      Object.keys(calls).forEach((use, index) => {
        const limits = clients.limits[use as keyof typeof calls];
        const { reason } = results[index] as PromiseRejectedResult;
        const { attempts, totalRetryDelay } = reason.$metadata;
        expect([use, attempts]).toEqual([use, limits.maxAttempts]);
        const pausesMs = clients.worstCaseMs(limits) - limits.maxAttempts * limits.responseMs;
        expect(totalRetryDelay).toBeLessThanOrEqual(pausesMs);
      });
    },
  );

  describe('with a wrong clock', () => {
    const serverTime = () => new Date(Date.now() + 3_600_000);
    const isSignedNow = ({ headers }: IncomingMessage) => {
      const [, year, month, day, hour, minute, second] =
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
      const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
      return Math.abs(signed - serverTime().getTime()) < 300_000;
    };
    const respond = (response: ServerResponse, status: number, body: object) => {
      response.writeHead(status, { date: serverTime().toUTCString() });
      response.end(JSON.stringify(body));
    };
    const accept = (response: ServerResponse) => respond(response, 200, {});
    const refuse = (response: ServerResponse) =>
      respond(response, 400, { __type: 'com.amazon.coral.service#InvalidSignatureException' });
    const callsOf = (count: number, { tableClient }: Clients) =>
      Promise.allSettled(Array.from({ length: count }, () => tableClient('state').send(getItem())));
    const failed = (results: readonly PromiseSettledResult<unknown>[]) =>
      results.filter(({ status }) => status === 'rejected');

    test('correct it, also with many parallel calls', async () => {
      answer = (request, response) => (isSignedNow(request) ? accept(response) : refuse(response));
      expect(failed(await callsOf(10, await loadLocally()))).toEqual([]);
    });

    test('correct it, also in a call that is refused after another has corrected it', async () => {
      jest.spyOn(Date, 'now').mockReturnValue(1_780_000_000_000);
      const late: ServerResponse[] = [];
      let isFirst = true;
      answer = (request, response) => {
        if (isSignedNow(request)) {
          accept(response);
          late.splice(0).forEach(refuse);
        } else if (isFirst) {
          isFirst = false;
          refuse(response);
        } else {
          late.push(response);
        }
      };
      expect(failed(await callsOf(2, await loadLocally()))).toEqual([]);
    });
  });
});

/** Thrown in place of sending a request. */
class NotSent extends Error {}

const regions: readonly (readonly [region: string, variables: object, domain: string])[] = [
  ['eu-central-1', {}, '.eu-central-1.amazonaws.com'],
  ['cn-north-1', {}, '.cn-north-1.amazonaws.com.cn'],
  ['us-gov-west-1', {}, '.us-gov-west-1.amazonaws.com'],
  ['eusc-de-east-1', {}, '.eusc-de-east-1.amazonaws.eu'],
  ['us-iso-east-1', {}, '.us-iso-east-1.c2s.ic.gov'],
  ['us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, '-fips.us-east-1.amazonaws.com'],
  ['us-east-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, '.us-east-1.api.aws'],
];

test.each(regions)('in %s with %j use the endpoint …%s', async (AWS_REGION, variables, domain) => {
  const { queueClient, tableClient } = await load({ AWS_REGION, ...variables });
  const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/queue';
  const hosts: unknown[] = [];
  const stop = () => async (args: object) => {
    hosts.push((args as { request?: { hostname?: string } }).request?.hostname);
    throw new NotSent();
  };
  const place = { step: 'finalizeRequest', priority: 'low' } as const;
  tableClient('state').middlewareStack.add(stop, place);
  queueClient().middlewareStack.add(stop, place);
  await expect(tableClient('state').send(getItem())).rejects.toThrow(NotSent);
  const message = new SendMessageCommand({ QueueUrl, MessageBody: 'm' });
  await expect(queueClient().send(message)).rejects.toThrow(NotSent);
  expect(hosts).toEqual([`dynamodb${domain}`, `sqs${domain}`]);
});
