import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inParallel, NoLocalRunError, readConnection } from '../../../ops/aws/connect.ts';
import { explainError } from '../../../ops/aws/explain-error.ts';
import { readRunFile, removeRunFile, writeRunFile } from '../../../ops/run-file.ts';

const runOf = (pid: number) => ({
  ...{ pid, started: '2026-01-31T12:00:00.000Z', stacks: ['S'] },
  ...{ awsEndpoint: 'http://127.0.0.1:4999', region: 'eu-west-3' },
});

describe('the endpoint that a command uses', () => {
  test('is the local run of the folder, without real credentials', () => {
    const data = mkdtempSync(join(tmpdir(), 'fanout-run-'));
    writeRunFile(data, runOf(process.pid));
    expect(readConnection({ data }, {})).toMatchObject({
      endpoint: 'http://127.0.0.1:4999',
      region: 'eu-west-3',
      isLocal: true,
      run: { pid: process.pid },
    });
    removeRunFile(data);
    expect(() => readConnection({ data }, {})).toThrow(NoLocalRunError);
    rmSync(data, { recursive: true });
  });

  test('is never that of a killed run, nor of an invalid run file', () => {
    const data = mkdtempSync(join(tmpdir(), 'fanout-run-'));
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeRunFile(data, runOf(pid));
    expect(readRunFile(data)).toBeUndefined();
    expect(() => readConnection({ data }, {})).toThrow(
      /^No local run of this folder is running \(.*run\.json\)\. Start it with "npm start"/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        writeFileSync(join(data, 'run.json'), text);
        expect(readRunFile(data)).toBeUndefined();
      }),
    );
    rmSync(data, { recursive: true });
  });

  test('is the port in AWS_PORT if it is set; then no run is searched for', () => {
    const { endpoint, run } = readConnection({}, { AWS_PORT: '5000' });
    expect([endpoint, run]).toEqual(['http://127.0.0.1:5000', undefined]);
  });

  test('is the stack of a stage, by its name', () => {
    expect(readConnection({ stage: 'prod' }, {})).toMatchObject({
      stack: 'WhatsAppEventFanout-prod',
      endpoint: undefined,
      isLocal: false,
    });
  });

  test('is AWS when a stack is named', () => {
    const connection = readConnection({ stack: 'S', region: 'eu-west-1', profile: 'p' }, {});
    expect(connection).toMatchObject({ endpoint: undefined, isLocal: false, region: 'eu-west-1' });
  });

  test('is not local when the endpoint is another machine', () => {
    expect(readConnection({ endpoint: 'https://aws.test' }, {}).isLocal).toBe(false);
    expect(readConnection({ endpoint: 'http://127.0.0.1.evil.test' }, {}).isLocal).toBe(false);
    expect(readConnection({ endpoint: 'http://localhost:1', stack: 'S' }, {}).isLocal).toBe(true);
    expect(() => readConnection({ endpoint: 'nonsense' }, {})).toThrow(/"nonsense" is not the URL/);
  });
});

describe('an error of AWS', () => {
  test.each([
    [{ name: 'CredentialsProviderError' }, /no usable AWS credentials.*--profile/],
    [{ name: 'Error', message: 'Region is missing' }, /--region/],
    [{ name: 'ExpiredTokenException' }, /expired/],
    [{ name: 'AccessDenied', message: 'because' }, /does not allow it: because/],
    [{ code: 'ENOTFOUND' }, /cannot be reached \(ENOTFOUND\)/],
    [
      { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND sqs.eu-nowhere-1.amazonaws.com' },
      /cannot be reached at sqs\.eu-nowhere-1\.amazonaws\.com \(ENOTFOUND\)\. Check/,
    ],
    [
      { message: 'connect ETIMEDOUT 10.0.0.1:443' },
      /cannot be reached at 10\.0\.0\.1:443 \(ETIMEDOUT\)/,
    ],
  ])('is explained: %j', (error, expected) => {
    expect(explainError(error).message).toMatch(expected);
  });

  test('is explained once, although several explain it', () => {
    const once = explainError({ code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND aws.test' });
    expect(explainError(once)).toBe(once);
  });

  test('is unchanged when there is nothing to add', () => {
    const error = new Error('as it is');
    expect(explainError(error)).toBe(error);
  });
});

test('parallel work keeps its order and its limit', async () => {
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
