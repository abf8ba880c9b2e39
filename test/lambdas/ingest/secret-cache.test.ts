import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readKeyring } from '../../../events/keyring/keyring.ts';
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

let lines: unknown[] = [];
beforeEach(() => {
  lines = [];
  jest.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

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

  test('forged requests cause one read in five seconds also while a secret cannot be read', async () => {
    const { cache, state } = setUp();
    await cache.get('arn');
    state.fails = true;
    state.now += 301_000;
    for (let forged = 0; forged < 100; forged++) {
      await cache.get('arn', { fresh: true });
    }
    expect(state.reads).toBe(2);
    expect(lines).toHaveLength(1);
  });

  test('a secret that cannot be read for an hour is no longer accepted, until it can be read', async () => {
    const { cache, state } = setUp();
    await cache.get('arn');
    state.fails = true;
    state.now += 3_599_000;
    expect(await cache.get('arn')).toBe('first');
    state.now += 5_000;
    await expect(cache.get('arn')).rejects.toThrow('down');
    await expect(cache.get('arn', { fresh: true })).rejects.toThrow('down');
    state.fails = false;
    expect(await cache.get('arn')).toBe('first');
  });

  test('each failed read is logged with the error, and the invalid place of a keyring', async () => {
    let stored = '{"version":1,"senders":{"waha":{"secrets":[{"id":"a","value":"never-seen"}]}}}';
    let now = 0;
    const cache = new SecretCache(
      async () => readKeyring(stored, 'hmac'),
      () => now,
    );
    await cache.get('hmac');
    stored = stored.replace('"secrets"', '"secretz"');
    now += 300_000;
    await cache.get('hmac');
    await cache.get('hmac');
    expect(lines).toEqual([
      {
        message: 'the secret cannot be read',
        secret: 'hmac',
        error: 'KeyringError',
        reason: expect.stringContaining('"senders.waha" must have only the fields'),
        secondsSinceRead: 300,
      },
    ]);
    const { cache: other, state } = setUp();
    state.fails = true;
    await expect(other.get('arn')).rejects.toThrow('down');
    expect(lines[1]).toMatchObject({ secret: 'arn', error: 'Error', reason: undefined });
    expect(JSON.stringify(lines)).not.toContain('never-seen');
  });

  test('a secret that was never read is an error', async () => {
    const { cache, state } = setUp();
    state.fails = true;
    await expect(cache.get('arn')).rejects.toThrow('down');
  });
});
