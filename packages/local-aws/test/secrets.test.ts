import { beforeEach, expect, test } from '@jest/globals';
import { SteppedClock } from '../src/clock.ts';
import { SecretsManager } from '../src/secrets/secrets-manager.ts';
import { openStore } from '../src/store.ts';

let secrets: SecretsManager;

beforeEach(() => {
  secrets = new SecretsManager({
    store: openStore(),
    clock: new SteppedClock(),
    region: 'us-east-1',
    accountId: '000000000000',
  });
  secrets.declare({ name: 'key', declared: 'first', generate: () => '', description: undefined });
});

const get = (more: object = {}) => secrets.call('GetSecretValue', { SecretId: 'key', ...more });

test('the current version of a secret is found by its stage and its id', async () => {
  const { VersionId } = await get();
  for (const version of [{ VersionStage: 'AWSCURRENT' }, { VersionId }]) {
    expect(await get(version)).toMatchObject({ SecretString: 'first', VersionId });
  }
});

test('another version is not found, as only the current one is stored', async () => {
  const { VersionId } = await get();
  await secrets.call('PutSecretValue', { SecretId: 'key', SecretString: 'second' });
  for (const version of [{ VersionStage: 'AWSPREVIOUS' }, { VersionId }]) {
    await expect(get(version)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  }
  expect(await get()).toMatchObject({ SecretString: 'second' });
});

test('a description is changed without the value, and a new value is required only by PutSecretValue', async () => {
  const before = await get();
  await secrets.call('UpdateSecret', { SecretId: 'key', Description: 'of the shop' });
  expect(await get()).toEqual(before);
  expect(await secrets.call('DescribeSecret', { SecretId: 'key' })).toMatchObject({
    Description: 'of the shop',
  });
  await expect(secrets.call('PutSecretValue', { SecretId: 'key' })).rejects.toMatchObject({
    code: 'InvalidParameterException',
  });
});
