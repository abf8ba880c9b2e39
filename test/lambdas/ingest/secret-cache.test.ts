import { describe, expect, test } from '@jest/globals';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';

function setUp() {
  const state = { now: 1_000_000, reads: 0, value: 'first', fails: false };
  const cache = new SecretCache(
    async () => {
      state.reads++;
      if (state.fails) {
        throw new Error('Secrets Manager is down');
      }
      return state.value;
    },
    () => state.now,
  );
  return { cache, state };
}

describe('the cache of secrets', () => {
  test('a secret is read once and used for five minutes', async () => {
    const { cache, state } = setUp();
    await cache.get('arn');
    state.now += 299_000;
    expect(await cache.get('arn')).toBe('first');
    expect(state.reads).toBe(1);
    state.now += 2_000;
    state.value = 'second';
    expect(await cache.get('arn')).toBe('second');
  });

  test('a secret that did not match is read again, but at most once in five seconds', async () => {
    const { cache, state } = setUp();
    await cache.get('arn');
    state.value = 'rotated';
    expect(await cache.get('arn', { fresh: true })).toBe('first');
    state.now += 5_000;
    expect(await cache.get('arn', { fresh: true })).toBe('rotated');
    for (let forged = 0; forged < 100; forged++) {
      await cache.get('arn', { fresh: true });
    }
    expect(state.reads).toBe(2);
  });

  test('a secret that cannot be read again stays in use, and is read again five seconds later', async () => {
    const { cache, state } = setUp();
    await cache.get('arn');
    state.fails = true;
    state.now += 301_000;
    expect(await cache.get('arn')).toBe('first');
    expect(await cache.get('arn')).toBe('first');
    expect(state.reads).toBe(2);
    state.now += 5_000;
    await cache.get('arn');
    expect(state.reads).toBe(3);
  });

  test('a secret that was never read is an error', async () => {
    const { cache, state } = setUp();
    state.fails = true;
    await expect(cache.get('arn')).rejects.toThrow('down');
  });
});
