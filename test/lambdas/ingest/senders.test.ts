import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import type { AuthScheme, Keyring } from '../../../events/keyring/keyring.ts';
import { readKeyring } from '../../../events/keyring/keyring.ts';
import { sign } from '../../../events/signature.ts';
import { type IngestDependencies, ingestHandler } from '../../../lambdas/ingest/handler.ts';
import type { IngestEvent } from '../../../lambdas/ingest/middleware.ts';
import { SecretCache } from '../../../lambdas/ingest/secret-cache.ts';

/** Ingest with these secrets, a clock that a test moves, and a bus that counts. */
function setUp(stored: { hmac: string; secret?: string }, more: Partial<IngestDependencies> = {}) {
  const state = { now: Date.parse('2026-05-01T12:00:00Z'), published: 0, reads: 0, stored };
  const now = () => state.now;
  const handler = ingestHandler({
    busName: 'whatsapp-test',
    authentication: 'any',
    maxBodyBytes: 1_000_000,
    keyrings: new SecretCache<AuthScheme, Keyring>(async (scheme) => {
      state.reads++;
      return readKeyring(state.stored[scheme] ?? 'unused-secret', scheme);
    }, now),
    now,
    putEvents: async (entries) => {
      state.published += entries.length;
      return entries.map(() => ({ EventId: 'id' }));
    },
    putClaimCheck: async () => {
      throw new Error('nothing here is large');
    },
    spill: async () => {},
    isDeduplicated: () => false,
    ...more,
  });
  const send = async (body: string, headers: Record<string, string>) => {
    const event = { headers, body, isBase64Encoded: false, requestContext: {} };
    const answer = await handler(event as unknown as IngestEvent, {} as Context);
    return answer.statusCode;
  };
  const sendSigned = (body: string, secret: string) =>
    send(body, { 'x-webhook-hmac': sign(body, secret) });
  return { state, send, sendSigned };
}

const keyring = (senders: Keyring['senders']) => JSON.stringify({ version: 1, senders });
const webhook = (session: string, timestamp?: number) =>
  JSON.stringify(exampleWebhook('message', 'waha', { session, ...(timestamp && { timestamp }) }));

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  const keep = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation(keep);
  }
  jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => Boolean(lines.push(String(text))));
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a secret for certain sessions', () => {
  const stored = {
    hmac: keyring({
      waha: { secrets: [{ id: 'w', value: 'for-all' }] },
      branch: { sessions: ['shop', 'support'], secrets: [{ id: 'b', value: 'for-shop' }] },
    }),
  };

  test('is valid for their webhooks only', async () => {
    const { sendSigned, state } = setUp(stored);
    expect(await sendSigned(webhook('shop'), 'for-shop')).toBe(202);
    expect(await sendSigned(webhook('support'), 'for-shop')).toBe(202);
    expect(await sendSigned(webhook('accounts'), 'for-shop')).toBe(401);
    expect(await sendSigned(webhook('accounts'), 'for-all')).toBe(202);
    expect(state.published).toBe(3);
    expect(lines.join('\n')).toContain('session-not-covered');
  });

  test('is not valid for a body without a session, nor for a list with another session', async () => {
    const { sendSigned, state } = setUp(stored);
    for (const body of [
      'Hello?',
      '{"event":"message","payload":{}}',
      '[]',
      `[${webhook('shop')},${webhook('accounts')}]`,
      // The last of two equal names counts, here as in every consumer.
      webhook('shop').replace('{', '{"session":"shop",').replace(/}$/, ',"session":"accounts"}'),
    ]) {
      expect([body.slice(0, 20), await sendSigned(body, 'for-shop')]).toEqual([
        body.slice(0, 20),
        401,
      ]);
    }
    expect(state.published).toBe(0);
  });
});

describe('a rotated secret', () => {
  const before = keyring({ waha: { secrets: [{ id: 'old', value: 'old-secret' }] } });
  const both = keyring({
    waha: {
      secrets: [
        { id: 'old', value: 'old-secret' },
        { id: 'new', value: 'new-secret' },
      ],
    },
  });

  test('is accepted at most five seconds after it is stored', async () => {
    const { sendSigned, state } = setUp({ hmac: before });
    expect(await sendSigned(webhook('a'), 'old-secret')).toBe(202);
    expect(await sendSigned(webhook('a'), 'forged')).toBe(401);
    state.stored = { hmac: both };
    state.now += 5_000;
    expect(await sendSigned(webhook('a'), 'new-secret')).toBe(202);
    expect(await sendSigned(webhook('a'), 'old-secret')).toBe(202);
  });

  test('is reported for as long as the older one is used', async () => {
    const { sendSigned } = setUp({ hmac: both });
    await sendSigned(webhook('a'), 'new-secret');
    expect(lines.join('\n')).not.toContain('OlderSecretUsed');
    await sendSigned(webhook('a'), 'old-secret');
    expect(lines.join('\n')).toContain('"Sender":"waha","OlderSecretUsed":1');
    expect(lines.join('\n')).toContain('waha/old');
    expect(lines.join('\n')).not.toContain('old-secret');
  });

  test('that was stored malformed is logged, and the cached secret stays in use for an hour', async () => {
    const { sendSigned, state } = setUp({ hmac: before });
    expect(await sendSigned(webhook('a'), 'old-secret')).toBe(202);
    state.stored = { hmac: '{"version":1' };
    state.now += 600_000;
    expect(await sendSigned(webhook('a'), 'old-secret')).toBe(202);
    expect(lines.join('\n')).toContain('it must be JSON, as it begins with a brace');
    state.now += 3_000_000;
    expect(await sendSigned(webhook('a'), 'old-secret')).toBe(503);
    expect(lines.join('\n')).not.toContain('old-secret');
  });

  test('is not read for each forged request, but at most once in five seconds', async () => {
    const { sendSigned, send, state } = setUp({ hmac: before });
    await sendSigned(webhook('a'), 'old-secret');
    state.now += 5_000;
    const { reads } = state;
    for (let forged = 0; forged < 50; forged++) {
      await sendSigned(webhook('a'), `forged-${forged}`);
    }
    // Of a request with a signature only the signature counts: the secrets in URLs are not read.
    expect(state.reads - reads).toBe(1);
    state.now += 5_000;
    for (let empty = 0; empty < 50; empty++) {
      await send(webhook('a'), {});
    }
    // Without one, those in URLs are read for the first time, and not again: the request holds no secret.
    expect(state.reads - reads).toBe(2);
  });
});

describe('a replay', () => {
  const hours = (count: number) => count * 3_600_000;

  test('of a webhook that is older than the window is refused, by its signed time', async () => {
    const { sendSigned, state } = setUp({ hmac: 'the-secret' }, { replayWindowHours: 48 });
    expect(await sendSigned(webhook('a', state.now - hours(47)), 'the-secret')).toBe(202);
    expect(await sendSigned(webhook('a', state.now - hours(49)), 'the-secret')).toBe(401);
    expect(lines.join('\n')).toContain('too-old');
    const { timestamp: _, ...untimed } = exampleWebhook('message', 'waha');
    expect(await sendSigned(JSON.stringify(untimed), 'the-secret')).toBe(202);
  });

  test('is not refused by age with the setting off', async () => {
    const { sendSigned, state } = setUp({ hmac: 'the-secret' });
    expect(await sendSigned(webhook('a', state.now - hours(10_000)), 'the-secret')).toBe(202);
  });
});
