import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, filterIn, viewOf } from '../../../console/page/model/address.ts';
import { age, jsonLines, jsonText, tame } from '../../../console/page/model/format.ts';
import { healthOf } from '../../../console/page/model/health.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const route = (consumer: string) => ({
  ...{ rule: `rule-${consumer}`, description: undefined, pattern: '{}', isEnabled: true },
  ...{ target: { service: 'sqs', name: consumer }, consumer, reader: `${consumer}-function` },
  deadLetters: `${consumer}-dead-letters`,
});
const end = (consumer: string) => ({
  ...{ name: `${consumer}-dead-letters`, role: 'dead-letters' as const, consumer },
});
const overview = {
  ...{ stack: 'stack', buses: ['bus'] },
  routes: [route('orders'), route('calls')],
  ends: [
    end('orders'),
    end('calls'),
    { name: 'spill', role: 'spill' as const, consumer: undefined },
  ],
};
const holding = (visible: number, oldestAt?: number) => ({
  ...{ visible, inFlight: 0, delayed: 0 },
  ...(oldestAt !== undefined && { oldestAt }),
});

describe('the health', () => {
  test('is good when nothing waits for a person', () => {
    const health = healthOf({ overview, queues: { orders: holding(0) }, failures: {}, now });
    expect(health).toMatchObject({ level: 'good', problems: [], failed: 0 });
  });

  test('is unknown, and not good, before the queues were read', () => {
    expect(healthOf({ overview, queues: undefined, failures: {}, now }).level).toBe('unknown');
    const queues = {};
    expect(healthOf({ overview: undefined, queues, failures: {}, now }).level).toBe('unknown');
  });

  test('names the consumer, how many messages, the newest failure and its error, and leads to them', () => {
    const { level, problems, failed } = healthOf({
      overview,
      queues: { 'orders-dead-letters': holding(10), 'calls-dead-letters': holding(1) },
      failures: { orders: { at: now - 120_000, error: 'TypeError' } },
      now,
    });
    expect([level, failed]).toEqual(['bad', 11]);
    expect(problems[0]).toEqual({
      level: 'bad',
      name: 'orders',
      text: '10 dead-letter messages, newest 2 min ago, TypeError',
      title: '10 dead-letter messages, TypeError',
      to: '/console/failures/orders-dead-letters',
    });
    expect(problems[1]?.text).toBe('1 dead-letter message');
  });

  test('warns of a queue whose oldest message its function has not received for a minute', () => {
    const health = (age: number) =>
      healthOf({ overview, queues: { calls: holding(4, now - age) }, failures: {}, now });
    expect(health(30_000)).toMatchObject({ level: 'good', oldestWaiting: now - 30_000 });
    expect(health(180_000).problems).toEqual([
      {
        level: 'warn',
        name: 'calls',
        text: '4 waiting, oldest 3 min',
        title: '4 waiting',
        to: '/console/events?target=calls',
      },
    ]);
  });

  test('warns of a rule that is disabled', () => {
    const routes = [{ ...route('orders'), isEnabled: false }];
    const queues = {};
    const { problems } = healthOf({
      overview: { ...overview, routes },
      queues,
      failures: {},
      now,
    });
    expect(problems).toMatchObject([
      { level: 'warn', name: 'orders', text: 'its rule is disabled' },
    ]);
  });
});

describe('an address', () => {
  test('of a filter is read again as the same filter, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (text, session) => {
        const written = { session: session.toWellFormed(), text: text.toWellFormed() };
        const { searchParams, pathname } = new URL(addressOf.events(written), 'http://console');
        expect(filterIn(Object.fromEntries(searchParams))).toEqual(written);
        expect(viewOf(pathname)).toBe('events');
      }),
    );
  });

  test('has each name in one part of its path', () => {
    expect(addressOf.failures('a/b?c', '7')).toBe('/console/failures/a%2Fb%3Fc/7');
    expect(viewOf(addressOf.state('chats', '1@c.us', { session: 'shop' }))).toBe('state');
    expect(viewOf('/console/constructor')).toBe('events');
  });
});

describe('what is shown', () => {
  test('of JSON is the JSON, line by line', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonLines(value)
          .map(({ name, text: line }) => (name === undefined ? line : `${name}:${line}`))
          .join('\n');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('names the path of each value', () => {
    const lines = jsonLines({ data: { items: [{ id: 1 }] } });
    expect(lines.find(({ text }) => text === '1')?.path).toBe('data.items[0].id');
  });

  test('never turns the text around it, and hides no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tame(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        expect(jsonText(text)).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/);
        expect(JSON.parse(jsonText(text))).toBe(text);
      }),
    );
  });

  test('of an age is the largest unit that says it', () => {
    expect([5, 65, 3_700, 90_000].map((seconds) => age(0, seconds * 1_000))).toEqual([
      ...['5 s', '1 min', '1 h', '1 d'],
    ]);
  });
});
