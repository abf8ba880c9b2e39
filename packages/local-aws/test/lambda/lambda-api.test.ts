import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SteppedClock } from '../../src/clock.ts';
import { lambdaProtocol } from '../../src/endpoint/protocols.ts';
import { FakeQueue } from './fake-queue.ts';
import { arnOf, LocalFunctions, until } from './local-functions.ts';

const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:orders';

let functions: LocalFunctions;
let queue: FakeQueue;
beforeAll(() => {
  queue = new FakeQueue(new SteppedClock());
  functions = new LocalFunctions({ queues: queue, compileFilter: () => () => true });
  functions.add(
    'echo',
    'export const handler = async (event, context) => { console.log("ran"); if (event.fail) throw new Error("no"); return { event, client: context.clientContext }; };',
    {
      environment: { A: '1' },
      description: 'echoes',
      memoryMb: 256,
      timeoutSeconds: 600,
      loggingFormat: 'JSON',
    },
  );
  functions.add('paused', 'export const handler = async () => 1;', { reservedConcurrency: 0 });
});
afterAll(() => functions.close());

async function request(
  method: string,
  target: string,
  body: string | object = '',
  headers: Record<string, string> = {},
) {
  const [path = '', query = ''] = target.split('?');
  const response = await functions.service.handle({
    method,
    path: `/2015-03-31/${path}`,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });
  return response && { ...response, json: response.body ? JSON.parse(response.body) : undefined };
}

describe('functions', () => {
  test('are listed, by pages', async () => {
    const all = await request('GET', 'functions/');
    expect(all?.json.Functions.map((it: { FunctionName: string }) => it.FunctionName)).toEqual([
      'echo',
      'paused',
    ]);
    const first = await request('GET', 'functions?MaxItems=1');
    expect(first?.json.NextMarker).toBe('1');
    const second = await request('GET', 'functions?MaxItems=1&Marker=1');
    expect(second?.json).toMatchObject({ Functions: [{ FunctionName: 'paused' }] });
    expect(second?.json.NextMarker).toBeUndefined();
  });

  test('are described as in AWS', async () => {
    const expected = {
      FunctionName: 'echo',
      FunctionArn: arnOf('echo'),
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Description: 'echoes',
      Timeout: 600,
      MemorySize: 256,
      Version: '$LATEST',
      Environment: { Variables: { A: '1' } },
      State: 'Active',
      LoggingConfig: {
        LogFormat: 'JSON',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'INFO',
        LogGroup: '/aws/lambda/echo',
      },
    };
    expect((await request('GET', 'functions/echo/configuration'))?.json).toMatchObject(expected);
    const { json } = (await request('GET', `functions/${encodeURIComponent(arnOf('echo'))}`)) ?? {};
    expect(json).toMatchObject({
      Configuration: expected,
      Code: { Location: expect.stringMatching(/^file:/) },
    });
    expect((await request('GET', 'functions/paused'))?.json.Concurrency).toEqual({
      ReservedConcurrentExecutions: 0,
    });
  });

  test('that do not exist are not found', async () => {
    expect(await request('GET', 'functions/none')).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
      json: { Type: 'User', Message: 'Function not found: none' },
    });
  });
});

describe('Invoke', () => {
  test('answers with the result', async () => {
    const response = await request(
      'POST',
      'functions/echo/invocations',
      { a: 1 },
      {
        'x-amz-client-context': Buffer.from('{"custom":{"name":"Zoë"}}').toString('base64'),
      },
    );
    expect(response).toMatchObject({
      status: 200,
      headers: { 'x-amz-executed-version': '$LATEST' },
      json: { event: { a: 1 }, client: { custom: { name: 'Zoë' } } },
    });
    expect(response?.headers).not.toHaveProperty('x-amz-function-error');
    expect(response?.headers).not.toHaveProperty('x-amz-log-result');
  });

  test('takes no payload as an empty event', async () => {
    expect((await request('POST', 'functions/echo/invocations'))?.json).toEqual({ event: {} });
  });

  test("answers with the function's error, and the end of its log", async () => {
    const response = await request(
      'POST',
      'functions/echo/invocations',
      { fail: true },
      { 'x-amz-log-type': 'Tail' },
    );
    expect(response).toMatchObject({
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
      json: { errorMessage: 'no' },
    });
    expect(Buffer.from(response?.headers['x-amz-log-result'] ?? '', 'base64').toString()).toContain(
      '"message":"ran"',
    );
  });

  test('accepts an event, and confirms a dry run', async () => {
    const type = (value: string) => ({ 'x-amz-invocation-type': value });
    expect(await request('POST', 'functions/echo/invocations', {}, type('Event'))).toMatchObject({
      status: 202,
      body: '',
    });
    expect(await request('POST', 'functions/echo/invocations', {}, type('DryRun'))).toMatchObject({
      status: 204,
      body: '',
    });
    await until(() => functions.service.pendingEvents() === 0);
  });

  test.each([
    ['a payload that is no JSON', '{"a":', {}, 400, 'InvalidRequestContentException'],
    [
      'a client context that is no JSON',
      '{}',
      { 'x-amz-client-context': 'e30x' },
      400,
      'InvalidRequestContentException',
    ],
    [
      'a type that is none',
      '{}',
      { 'x-amz-invocation-type': 'Maybe' },
      400,
      'InvalidParameterValueException',
    ],
    [
      'a payload that is too large',
      `"${'x'.repeat(6_291_456)}"`,
      {},
      413,
      'RequestEntityTooLargeException',
    ],
  ] as const)('refuses %s', async (_what, body, headers, status, code) => {
    expect(await request('POST', 'functions/echo/invocations', body, headers)).toMatchObject({
      status,
      headers: { 'x-amzn-errortype': code },
    });
  });

  test('refuses a throttled call with the reason', async () => {
    expect(await request('POST', 'functions/paused/invocations', '{}')).toMatchObject({
      status: 429,
      headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
      json: {
        Type: 'User',
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        message: 'Rate Exceeded.',
      },
    });
  });
});

describe('event source mappings', () => {
  const mapping = { functionName: 'echo', eventSourceArn: queueArn };

  test('are listed, all or those of a function or queue', async () => {
    const UUID = functions.service.putEventSourceMapping({
      ...mapping,
      batchSize: 5,
      functionResponseTypes: ['ReportBatchItemFailures'],
      filterPatterns: ['{"body":["x"]}'],
      maximumConcurrency: 2,
    });
    const expected = {
      UUID,
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 0,
      EventSourceArn: queueArn,
      FunctionArn: arnOf('echo'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"body":["x"]}' }] },
      ScalingConfig: { MaximumConcurrency: 2 },
      State: 'Enabled',
      LastModified: expect.any(Number),
    };
    for (const query of [
      '',
      '?FunctionName=echo',
      `?FunctionName=${arnOf('echo')}&EventSourceArn=${queueArn}`,
    ]) {
      expect(
        (await request('GET', `event-source-mappings/${query}`))?.json.EventSourceMappings,
      ).toMatchObject([expected]);
    }
    expect(
      (await request('GET', 'event-source-mappings/?FunctionName=paused'))?.json
        .EventSourceMappings,
    ).toEqual([]);
    expect(functions.service.putEventSourceMapping({ ...mapping, enabled: false })).toBe(UUID);
    expect((await request('GET', 'event-source-mappings/'))?.json.EventSourceMappings).toEqual([
      expect.objectContaining({ UUID, State: 'Disabled' }),
    ]);
    functions.service.deleteEventSourceMapping(UUID);
    expect(() => functions.service.deleteEventSourceMapping(UUID)).toThrow(/does not exist/);
  });

  test('bring messages to the function, unless they are disabled', async () => {
    functions.lines.length = 0;
    const uuid = functions.service.putEventSourceMapping({ ...mapping, enabled: false });
    queue.send('message');
    expect(queue.messages).toHaveLength(1);
    functions.service.putEventSourceMapping(mapping);
    await until(() => queue.messages.length === 0);
    await until(() => functions.log().includes('"message":"ran"'));
    functions.service.deleteEventSourceMapping(uuid);
  });

  test.each([
    [{ batchSize: 0 }],
    [{ batchSize: 10_001, maximumBatchingWindowSeconds: 1 }],
    [{ batchSize: 11 }],
    [{ maximumBatchingWindowSeconds: 301 }],
    [{ maximumConcurrency: 1 }],
    [{ functionResponseTypes: ['Other'] }],
    [{ eventSourceArn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/s' }],
    [{ eventSourceArn: `${queueArn}.fifo`, batchSize: 11 }],
    [{ eventSourceArn: `${queueArn}.fifo`, maximumBatchingWindowSeconds: 1 }],
  ])('are refused with %j', (wrong) => {
    const put = () => functions.service.putEventSourceMapping({ ...mapping, ...wrong });
    expect(put).toThrow(expect.objectContaining({ code: 'InvalidParameterValueException' }));
  });

  test('are refused for a function that does not exist', () => {
    const put = () => functions.service.putEventSourceMapping({ ...mapping, functionName: 'none' });
    expect(put).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
  });
});

test('a request for another service, or an operation that does not run here, is not answered', async () => {
  const other = {
    method: 'GET',
    path: '/health',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
  };
  expect(await functions.service.handle(other)).toBeUndefined();
  expect(await request('GET', 'layers')).toBeUndefined();
  expect(await request('DELETE', 'functions/')).toBeUndefined();
  expect(await request('POST', 'event-source-mappings/', { FunctionName: 'echo' })).toBeUndefined();
});

test('over HTTP, an operation that does not run here is refused by its method and path', async () => {
  const create = {
    method: 'POST',
    url: new URL('http://127.0.0.1/2015-03-31/event-source-mappings/'),
    headers: {},
    body: Buffer.from('{}'),
    service: 'lambda',
    signal: new AbortController().signal,
  };
  const protocol = lambdaProtocol(functions.service);
  await expect(protocol(create)).rejects.toMatchObject({
    code: 'UnknownOperationException',
    message:
      'The local run does not have the action POST /2015-03-31/event-source-mappings/ of Lambda.',
  });
  expect(await protocol({ ...create, service: 's3' })).toBeUndefined();
});

test('whatever the payload is, the response is an error of the client and nothing breaks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (payload) => {
      const response = await request('POST', 'functions/paused/invocations', payload);
      expect([400, 429]).toContain(response?.status);
    }),
  );
});
