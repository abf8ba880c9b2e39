import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SteppedClock } from '../../src/clock.ts';
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

  test('that are not there are not found', async () => {
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
  test('are created, found, changed and deleted', async () => {
    const created = await request('POST', 'event-source-mappings/', {
      FunctionName: 'echo',
      EventSourceArn: queueArn,
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"body":["x"]}' }] },
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(created).toMatchObject({
      status: 202,
      json: {
        State: 'Creating',
        UUID: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      },
    });
    const { UUID } = created?.json ?? {};
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
    expect((await request('GET', `event-source-mappings/${UUID}`))?.json).toMatchObject(expected);
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

    const updated = await request('PUT', `event-source-mappings/${UUID}`, {
      Enabled: false,
      BatchSize: 7,
    });
    expect(updated).toMatchObject({
      status: 202,
      json: { BatchSize: 7, State: 'Updating', ScalingConfig: { MaximumConcurrency: 2 } },
    });
    expect((await request('GET', `event-source-mappings/${UUID}`))?.json.State).toBe('Disabled');

    expect(await request('DELETE', `event-source-mappings/${UUID}`)).toMatchObject({
      status: 202,
      json: { State: 'Deleting' },
    });
    expect(await request('GET', `event-source-mappings/${UUID}`)).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    });
  });

  test('bring messages to the function, unless they are disabled', async () => {
    functions.lines.length = 0;
    const { json } =
      (await request('POST', 'event-source-mappings/', {
        FunctionName: 'echo',
        EventSourceArn: queueArn,
        Enabled: false,
      })) ?? {};
    queue.send('message');
    expect(queue.messages).toHaveLength(1);
    await request('PUT', `event-source-mappings/${json.UUID}`, { Enabled: true });
    await until(() => queue.messages.length === 0);
    await until(() => functions.log().includes('"message":"ran"'));
    await request('DELETE', `event-source-mappings/${json.UUID}`);
  });

  test('are refused a second time for the same function and queue', async () => {
    const settings = { FunctionName: 'paused', EventSourceArn: queueArn, Enabled: false };
    const first = await request('POST', 'event-source-mappings/', settings);
    expect(
      await request('POST', 'event-source-mappings/', {
        ...settings,
        FunctionName: arnOf('paused'),
      }),
    ).toMatchObject({
      status: 409,
      headers: { 'x-amzn-errortype': 'ResourceConflictException' },
      json: { message: expect.stringContaining(first?.json.UUID) },
    });
    await request('DELETE', `event-source-mappings/${first?.json.UUID}`);
  });

  test.each([
    [{ BatchSize: 0 }],
    [{ BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }],
    [{ BatchSize: 11 }],
    [{ BatchSize: '5' }],
    [{ MaximumBatchingWindowInSeconds: 301 }],
    [{ ScalingConfig: { MaximumConcurrency: 1 } }],
    [{ FunctionResponseTypes: ['Other'] }],
    [{ FilterCriteria: { Filters: [{}] } }],
    [{ EventSourceArn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/s' }],
    [{ FunctionName: null }],
  ])('are refused with %j', async (wrong) => {
    expect(
      await request('POST', 'event-source-mappings/', {
        FunctionName: 'echo',
        EventSourceArn: queueArn,
        ...wrong,
      }),
    ).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'InvalidParameterValueException' },
    });
  });

  test('are refused for a function that is not there', async () => {
    expect(
      await request('POST', 'event-source-mappings/', {
        FunctionName: 'none',
        EventSourceArn: queueArn,
      }),
    ).toMatchObject({ status: 404 });
  });
});

test('a request for another service, or an operation that is not here, is left to others', async () => {
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
});

test('whatever the body is, the answer is an error of the client and nothing breaks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
      const response = await request('POST', 'event-source-mappings', body);
      expect([400, 404]).toContain(response?.status);
    }),
  );
});
