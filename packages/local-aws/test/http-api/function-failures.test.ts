import { afterEach, expect, test } from '@jest/globals';
import { AwsError } from '../../src/aws-service.ts';
import { functionArn, LocalApi } from './local-api.ts';

let api: LocalApi;
afterEach(() => api.close());

async function answerWhen(
  invoke: () => Promise<{ payload: string; functionError?: string }>,
  timeoutMs?: number,
) {
  api = await new LocalApi(
    {
      routes: [{ routeKey: '$default', functionArn: functionArn, timeoutMs }],
      stage: {
        name: '$default',
        accessLogFormat:
          '$context.status $context.integration.integrationStatus $context.integration.error',
      },
    },
    invoke,
  ).start();
  const { status, body } = await api.request('POST', '/', { body: '{}' });
  return [status, body, api.accessLog[0]];
}

test('an error of the function gives 500 and reveals nothing of it', async () => {
  expect(
    await answerWhen(async () => ({
      payload: '{"errorType":"Error","errorMessage":"secret","statusCode":200}',
      functionError: 'Unhandled',
    })),
  ).toEqual([
    500,
    '{"message":"Internal Server Error"}',
    '500 200 The Lambda function returned an error.',
  ]);
});

test('a function that takes too long gives 503', async () => {
  expect(await answerWhen(() => new Promise(() => {}), 30)).toEqual([
    503,
    '{"message":"Service Unavailable"}',
    '503 - Endpoint request timed out',
  ]);
});

test('a function that is throttled gives 503', async () => {
  expect(
    await answerWhen(() =>
      Promise.reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)),
    ),
  ).toEqual([503, '{"message":"Service Unavailable"}', '503 429 Lambda refused the invocation.']);
});

test('a request that is too large for a function gives 413', async () => {
  expect(
    await answerWhen(() =>
      Promise.reject(new AwsError('RequestEntityTooLargeException', 'too large', 413)),
    ),
  ).toEqual([
    413,
    '{"message":"Request Entity Too Large"}',
    '413 413 Lambda refused the invocation.',
  ]);
});

test.each([
  ['a function that is not there', new AwsError('ResourceNotFoundException', 'no', 404)],
  ['anything unexpected', new Error('boom')],
])('%s gives 500', async (_what, error) => {
  expect((await answerWhen(() => Promise.reject(error))).slice(0, 2)).toEqual([
    500,
    '{"message":"Internal Server Error"}',
  ]);
});
