import { describe, expect, test } from '@jest/globals';
import { readConnection } from '../../../ops/aws/connect.ts';
import { explainError } from '../../../ops/aws/explain-error.ts';
import { inParallel } from '../../../ops/aws/in-parallel.ts';

describe('the account of a command', () => {
  test('is the local run by default, without real credentials', () => {
    expect(readConnection({}, {})).toMatchObject({
      endpoint: 'http://127.0.0.1:4566',
      region: 'us-east-1',
      isLocal: true,
    });
    expect(readConnection({}, { AWS_PORT: '5000' }).endpoint).toBe('http://127.0.0.1:5000');
  });

  test('is AWS when a stack is named', () => {
    const connection = readConnection({ stack: 'S', region: 'eu-west-1', profile: 'p' }, {});
    expect(connection).toMatchObject({ endpoint: undefined, isLocal: false, region: 'eu-west-1' });
  });

  test('is not local when the endpoint is another machine', () => {
    expect(readConnection({ endpoint: 'https://aws.test' }, {}).isLocal).toBe(false);
    expect(readConnection({ endpoint: 'http://127.0.0.1.evil.test' }, {}).isLocal).toBe(false);
    expect(readConnection({ endpoint: 'http://localhost:1', stack: 'S' }, {}).isLocal).toBe(true);
    expect(() => readConnection({ endpoint: 'nonsense' }, {})).toThrow(/"nonsense" is no URL/);
  });
});

describe('an error of AWS', () => {
  test.each([
    [{ name: 'CredentialsProviderError' }, /no usable AWS credentials.*--profile/],
    [{ name: 'Error', message: 'Region is missing' }, /--region/],
    [{ name: 'ExpiredTokenException' }, /expired/],
    [{ name: 'AccessDenied', message: 'because' }, /does not allow it: because/],
    [{ code: 'ENOTFOUND' }, /cannot be reached \(ENOTFOUND\)/],
  ])('is explained: %j', (error, expected) => {
    expect(explainError(error).message).toMatch(expected);
  });

  test('is not changed if there is nothing to add', () => {
    const error = new Error('as it is');
    expect(explainError(error)).toBe(error);
  });
});

test('parallel work keeps its order and its concurrency limit', async () => {
  let running = 0;
  let max = 0;
  const results = await inParallel(
    [5, 1, 4, 2, 3],
    async (ms) => {
      max = Math.max(max, ++running);
      await new Promise((done) => setTimeout(done, ms));
      running -= 1;
      return ms;
    },
    2,
  );
  expect(results).toEqual([5, 1, 4, 2, 3]);
  expect(max).toBe(2);
});
