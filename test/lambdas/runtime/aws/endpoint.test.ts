import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import tls from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { jsonClient } from '../../../../lambdas/runtime/aws/aws-client.ts';
import { endpointOf } from '../../../../lambdas/runtime/aws/endpoint.ts';
import { StubServer } from './stub-server.ts';

const settings = { attempts: 1, connectMs: 1_000, answerMs: 2_000, budgetMs: 5_000 };
const service = {
  name: 'events',
  variable: 'EVENTBRIDGE',
  target: 'AWSEvents',
  version: '1.1',
} as const;

let stub: StubServer | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

describe('an endpoint', () => {
  test("is AWS's own in the region", () => {
    expect(endpointOf('events', 'EVENTBRIDGE', 'eu-west-1', {})).toEqual({
      ...{ isEncrypted: true, port: 443 },
      ...{ hostname: 'events.eu-west-1.amazonaws.com', host: 'events.eu-west-1.amazonaws.com' },
    });
    expect(endpointOf('sqs', 'SQS', 'cn-north-1', {}).host).toBe('sqs.cn-north-1.amazonaws.com.cn');
  });

  test("is the one that the environment names, the service's own first", () => {
    const environment = { AWS_ENDPOINT_URL: 'http://a:1', AWS_ENDPOINT_URL_SQS: 'http://[::1]:2/' };
    expect(endpointOf('events', 'EVENTBRIDGE', 'x', environment).host).toBe('a:1');
    expect(endpointOf('sqs', 'SQS', 'x', environment)).toMatchObject({ hostname: '::1', port: 2 });
  });

  test('with a path is refused rather than misunderstood', () => {
    expect(() => endpointOf('sqs', 'SQS', 'x', { AWS_ENDPOINT_URL: 'http://a/b' })).toThrow(/path/);
  });

  test('is encrypted, and what nobody vouches for is refused', async () => {
    const fixture = (name: string) =>
      readFileSync(new URL(`../../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
    const certificate = fixture('certificate');
    const create = (listener: never) =>
      createTlsServer({ key: fixture('key'), cert: certificate }, listener);
    stub = await StubServer.start(() => [200, { fine: true }], create as never);
    const environment = { ...stub.environment, AWS_ENDPOINT_URL: `https://localhost:${stub.port}` };
    const call = jsonClient(service, settings, { environment });
    await expect(call('PutEvents', {})).rejects.toMatchObject({ name: 'ConnectionError' });
    const trusted = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...trusted, certificate]);
    try {
      expect(await call('PutEvents', {})).toEqual({ fine: true });
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
  });
});
