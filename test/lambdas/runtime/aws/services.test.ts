import { afterEach, describe, expect, test } from '@jest/globals';
import { putEventsToBus } from '../../../../lambdas/runtime/aws/event-bridge.ts';
import { putObjectTo } from '../../../../lambdas/runtime/aws/s3.ts';
import { secretReader } from '../../../../lambdas/runtime/aws/secrets-manager.ts';
import { StubServer } from './stub-server.ts';

const wait = async () => {};

let stub: StubServer | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

describe('the services', () => {
  test("EventBridge is told times in seconds, and each entry's result comes back", async () => {
    stub = await StubServer.start(() => [200, { Entries: [{ ErrorCode: 'ThrottlingException' }] }]);
    const put = putEventsToBus({ environment: stub.environment });
    const entry = { Source: 'whatsapp', Time: new Date(1_700_000_000_123) };
    expect(await put([entry])).toEqual([{ ErrorCode: 'ThrottlingException' }]);
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({
      Entries: [{ Source: 'whatsapp', Time: 1_700_000_000.123 }],
    });
  });

  test('an object goes to S3 under its key, and is tried once more', async () => {
    stub = await StubServer.start((_request, _response, index) => [index === 0 ? 503 : 200, {}]);
    const put = putObjectTo('bucket', { environment: stub.environment, wait });
    await put("claim-checks/a b'é.json", Buffer.from('{}'), 'application/json');
    expect(stub.seen[1]).toMatchObject({
      method: 'PUT',
      url: '/bucket/claim-checks/a%20b%27%C3%A9.json',
      body: '{}',
    });
  });

  test('a secret without text is an error, not an empty secret', async () => {
    stub = await StubServer.start(() => [200, { SecretBinary: 'AA==' }]);
    await expect(secretReader({ environment: stub.environment })('arn')).rejects.toThrow('no text');
  });
});
