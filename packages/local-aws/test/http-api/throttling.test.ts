import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SteppedClock } from '../../src/clock.ts';
import { RequestThrottle } from '../../src/http-api/http-api.ts';
import { functionArn, LocalApi } from './local-api.ts';

const count = (throttle: RequestThrottle, requests: number, routeKey = 'POST /webhooks') =>
  Array.from({ length: requests }, () => throttle.admit(routeKey)).filter(Boolean).length;

describe('a throttle', () => {
  test('lets a burst pass, and then as many a second as its rate', async () => {
    const clock = new SteppedClock();
    const throttle = new RequestThrottle(
      { name: '$default', throttle: { rateLimit: 10, burstLimit: 5 } },
      clock,
    );
    expect(count(throttle, 20)).toBe(5);
    await clock.advance(100);
    expect(count(throttle, 20)).toBe(1);
    await clock.advance(60_000);
    expect(count(throttle, 20)).toBe(5);
  });

  test('counts each route by itself', () => {
    const throttle = new RequestThrottle(
      {
        name: '$default',
        throttle: { rateLimit: 1, burstLimit: 2 },
        routeSettings: { 'GET /b': { burstLimit: 3 } },
      },
      new SteppedClock(),
    );
    expect([
      count(throttle, 9, 'GET /a'),
      count(throttle, 9, 'GET /b'),
      count(throttle, 9, 'toString'),
    ]).toEqual([2, 3, 2]);
  });

  test("has the account's quota where a stage sets none", () => {
    expect(count(new RequestThrottle({ name: '$default' }, new SteppedClock()), 6_000)).toBe(5_000);
  });

  test('with a rate of 0 lets nothing pass after the burst', async () => {
    const clock = new SteppedClock();
    const throttle = new RequestThrottle(
      { name: '$default', throttle: { rateLimit: 0, burstLimit: 0 } },
      clock,
    );
    await clock.advance(1_000);
    expect(count(throttle, 3)).toBe(0);
  });

  test('never lets more pass in any time than burst and rate allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.nat(500), fc.nat(20)), { maxLength: 15 }),
        async (rateLimit, burstLimit, steps) => {
          const clock = new SteppedClock();
          const throttle = new RequestThrottle(
            { name: '$default', throttle: { rateLimit, burstLimit } },
            clock,
          );
          let passed = 0;
          let elapsed = 0;
          for (const [ms, requests] of steps) {
            await clock.advance(ms);
            elapsed += ms;
            passed += count(throttle, requests);
          }
          expect(passed).toBeLessThanOrEqual(burstLimit + (elapsed * rateLimit) / 1000 + 1e-6);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a throttled request', () => {
  let api: LocalApi;
  afterEach(() => api.close());
  test('gets 429 and does not reach the function', async () => {
    api = await new LocalApi({
      routes: [{ routeKey: 'POST /webhooks', functionArn: functionArn }],
      stage: { name: '$default', throttle: { rateLimit: 1, burstLimit: 1 } },
    }).start();
    expect((await api.request('POST', '/webhooks', { body: '1' })).status).toBe(200);
    const { status, body } = await api.request('POST', '/webhooks', { body: '2' });
    expect([status, body]).toEqual([429, '{"message":"Too Many Requests"}']);
    expect(api.events).toHaveLength(1);
    await api.clock.advance(1_000);
    expect((await api.request('POST', '/webhooks', { body: '3' })).status).toBe(200);
  });
});
