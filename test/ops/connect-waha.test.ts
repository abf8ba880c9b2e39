import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planWahaConnection, recommendedEvents } from '../../ops/senders/connect-waha.ts';

const connection = { webhookUrl: 'https://api.example.com/webhooks', key: 'the-signing-secret' };

const sessionWith = (webhook: object) => ({
  name: 'default',
  status: 'WORKING',
  config: { webhooks: [webhook] },
});

describe('a connection of WAHA', () => {
  test("keeps the rest of a session's configuration", () => {
    const webhook = fc.record({ url: fc.webUrl(), events: fc.array(fc.string()) });
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== 'webhooks' && name !== '__proto__'),
          fc.jsonValue(),
        ),
        fc.array(webhook),
        (others, webhooks) => {
          const session = { status: 'WORKING', config: { ...others, webhooks } };
          const { config } = planWahaConnection(session, connection);
          const { webhooks: after, ...kept } = config;
          expect(kept).toEqual(others);
          expect(after).toEqual([
            ...webhooks,
            expect.objectContaining({ hmac: { key: connection.key } }),
          ]);
        },
      ),
    );
  });

  test('can be planned for any response of a server', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (session) => {
        const { changes } = planWahaConnection(session, connection);
        expect(changes.map(({ setting }) => setting)).toContain('url');
      }),
    );
  });

  test('completes an existing webhook, and keeps its events and headers', () => {
    const webhook = {
      url: 'https://api.example.com/webhooks?secret=old',
      events: ['message.any'],
      customHeaders: [{ name: 'x-tenant', value: 'a' }],
    };
    const { config, changes } = planWahaConnection(sessionWith(webhook), connection);
    expect(config.webhooks).toEqual([
      {
        ...webhook,
        url: connection.webhookUrl,
        events: ['message.any', 'session.status'],
        hmac: { key: connection.key },
        retries: { policy: 'exponential', delaySeconds: 2, attempts: 15 },
      },
    ]);
    expect(changes.map(({ setting }) => setting)).toEqual(['hmac.key', 'events', 'retries']);
  });

  test('changes nothing in a webhook that is configured correctly', () => {
    const first = planWahaConnection(undefined, connection);
    expect(first.status).toBeUndefined();
    const again = planWahaConnection({ status: 'WORKING', config: first.config }, connection);
    expect(again.changes).toEqual([]);
    expect(again.config).toEqual(first.config);
  });

  test('never shows a secret', () => {
    const webhook = {
      url: 'https://api.example.com/webhooks?secret=in-the-url',
      events: ['message'],
      hmac: { key: 'the-old-secret' },
    };
    const { changes, kept } = planWahaConnection(sessionWith(webhook), connection);
    expect(changes).toContainEqual({
      ...{ setting: 'hmac.key', before: 'another secret', after: 'this secret' },
    });
    expect(JSON.stringify([changes, kept])).not.toMatch(/in-the-url|the-old|the-signing/);
  });

  test('subscribes to no event twice', () => {
    expect(recommendedEvents).toContain('message');
    for (const copy of ['message.any', 'engine.event', 'group.join', 'state.change']) {
      expect(recommendedEvents).not.toContain(copy);
    }
  });
});
