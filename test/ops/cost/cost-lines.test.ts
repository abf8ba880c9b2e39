import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dollarsOfMessageState } from '../../../events/state/state-price.ts';
import { settings } from '../../../lib/settings.ts';
import { templateOf } from '../../../lib/template-of.ts';
import { type CostLine, costLines, costRows } from '../../../ops/cost/cost-lines.ts';
import { costValues, facts } from '../../../ops/cost/numbers.ts';
import { cheapest } from '../../../tools/docs/costs-page.ts';

const template = templateOf();
const lines = (of: object = template, webhooks = 1e6, own: Record<string, string> = {}) =>
  costLines(of, webhooks, costValues(own));

const dollars = (all: readonly CostLine[], component: string, consumer?: string) =>
  all
    .filter((line) => line.component === component && line.consumer === consumer)
    .reduce((sum, line) => sum + line.dollars, 0);
const total = (all: readonly CostLine[]) => all.reduce((sum, line) => sum + line.dollars, 0);

describe('what a million webhooks cost', () => {
  test('one request, one event and two writes of deduplication cost what their prices say', () => {
    const all = lines();
    expect(dollars(all, 'ingress')).toBeCloseTo(1, 6);
    expect(dollars(all, 'bus')).toBeCloseTo(1, 6);
    expect(dollars(all, 'deduplication')).toBeCloseTo(2 * 0.625, 6);
  });

  test('another write of deduplication for each event costs what a million writes cost', () => {
    const more = lines(template, 1e6, {
      deduplicationWrites: String(facts.deduplicationWrites.value + 1),
    });
    expect(total(more) - total(lines())).toBeCloseTo(0.625, 6);
  });

  test('messages go to the consumer of messages only, and other queues are polled while they are empty', () => {
    const all = lines();
    const receive = (component: string) =>
      all.flatMap((line) => (line.component === component ? [line.consumer] : []));
    expect(receive('queue')).toEqual(['messages']);
    expect(receive('idle polling')).toEqual(
      expect.arrayContaining(['groups', 'calls', 'labels', 'sessions', 'whatsapp-dev-spill']),
    );
  });

  test('an event of more than 64 KB costs twice on the bus', () => {
    expect(dollars(lines(template, 1e6, { bytes: '70000' }), 'bus')).toBeCloseTo(2, 6);
  });

  test("fixed costs are those of the template's resources, for any traffic", () => {
    const ofType = (type: string) =>
      Object.values((template as { Resources: object }).Resources).filter(
        ({ Type }) => Type === type,
      ).length;
    expect(dollars(lines(), 'alarms')).toBeGreaterThanOrEqual(
      0.1 * ofType('AWS::CloudWatch::Alarm') - 1e-9,
    );
    expect(dollars(lines(), 'dashboard')).toBe(3 * ofType('AWS::CloudWatch::Dashboard'));
    const quiet = templateOf({ alarms: 'off', dashboard: 'off' });
    expect(dollars(lines(quiet), 'alarms') + dollars(lines(quiet), 'dashboard')).toBe(0);
    const [bill] = [lines(), lines(template, 1e8)].map((all) =>
      all.filter(({ isFixed, component }) => isFixed && component === 'alarms'),
    );
    expect(bill).toEqual(lines(template, 1e8).filter(({ component }) => component === 'alarms'));
  });

  test.each([
    [{ ingress: 'function-url' }, 'ingress', 0],
    [{ ingress: 'rest-api' }, 'ingress', 3.5],
    [{ archiveDays: 0 }, 'archive', 0],
    [{ deduplicate: 'none' }, 'deduplication', 0],
    [{ identities: 'off' }, 'identities', 0],
    [{ filters: 'message:drop' }, 'bus', 0],
    [{ filters: 'message:sample/10' }, 'bus', 0.1],
  ])('with the settings %j the line "%s" is $%d', (settings, component, expected) => {
    expect(dollars(lines(templateOf(settings)), component)).toBeCloseTo(expected, 6);
  });

  test('identities cost a tenth of the rest at most, also if no function caches anything', () => {
    const [on, off] = [lines(), lines(templateOf({ identities: 'off' }))];
    expect(total(on)).toBeGreaterThan(total(off));
    expect(total(on)).toBeLessThan(1.1 * total(off));
  });

  test('state of messages costs writes, reads and storage, and nothing where it is off', () => {
    const writes = facts.stateWrites.value + facts.chatWrites.value / facts.messagesAnHour.value;
    const reads = facts.chatReads.value / facts.messagesAnHour.value;
    const state = dollars(lines(), 'state', 'messages');
    expect(state).toBeCloseTo(writes * 0.625 + reads * 0.125, 6);
    const withStorage = state + dollars(lines(), 'state kept', 'messages');
    expect(withStorage).toBeGreaterThan(state);
    expect(dollarsOfMessageState(settings.stateDays.default)).toBeCloseTo(withStorage, 6);
    const none = lines(templateOf({ state: 'none' }));
    expect(dollars(none, 'state', 'messages') + dollars(none, 'state kept', 'messages')).toBe(0);
  });

  test('a message of an hour of its own takes two write units of state', () => {
    const alone = lines(template, 1e6, { messagesAnHour: '1', chatReads: '0' });
    expect(dollars(alone, 'state', 'messages')).toBeCloseTo(2 * 0.625, 6);
  });

  test('100 million messages with state, deduplication and identities cost at most $6.80 a million', () => {
    expect(total(lines(template, 1e8)) / 100).toBeLessThanOrEqual(6.8);
  });

  test('the cheapest useful settings cost at most $3.30 a million at 100 million', () => {
    expect(total(lines(templateOf(cheapest), 1e8)) / 100).toBeLessThanOrEqual(3.3);
  });

  test('for any traffic no cost is negative, and more webhooks cost no more for each', () => {
    const webhooks = fc.integer({ min: 1, max: 1e9 });
    fc.assert(
      fc.property(webhooks, fc.integer({ min: 1, max: 140_000 }), (count, bytes) => {
        const own = { bytes: String(bytes) };
        const [once, twice] = [lines(template, count, own), lines(template, count * 2, own)];
        for (const line of once) {
          expect(line.dollars).toBeGreaterThanOrEqual(0);
        }
        expect(total(twice)).toBeLessThanOrEqual(total(once) * 2 * (1 + 1e-9));
        expect(total(twice)).toBeGreaterThanOrEqual(total(once) * (1 - 1e-9));
      }),
      { numRuns: 12 },
    );
  });

  test('every line is in one of the two tables, once', () => {
    const volumes = [1e6, 1e7];
    const bills = volumes.map((webhooks) => lines(template, webhooks));
    const [used, fixed] = [false, true].map((isFixed) => costRows(bills, volumes, isFixed).at(-1));
    bills.forEach((bill, index) => {
      const sum = (used?.[1][index] ?? 0) * 10 ** index + (fixed?.[1][index] ?? 0);
      expect(sum).toBeCloseTo(total(bill), 9);
    });
  });

  test('a template without an endpoint for webhooks is refused', () => {
    for (const none of [{ Resources: {} }, [], null, 'text']) {
      expect(() => costLines(none, 1, costValues())).toThrow('no function that receives webhooks');
    }
  });
});

test.each([
  [{ ingestMS: '1' }, 'docs/costs.md has no number "ingestMS"'],
  [{ constructor: '1' }, 'docs/costs.md has no number "constructor"'],
  [{ ingestMs: 'fast' }, '"ingestMs" is "fast", but must be a number of 0 or more'],
  [{ ingestMs: '-1' }, '"ingestMs" is "-1", but must be a number of 0 or more'],
  [{ ingestMs: '' }, '"ingestMs" is "", but must be a number of 0 or more'],
])('the number %j is refused', (own, why) => {
  expect(() => costValues(own)).toThrow(why);
});

test('the fixed costs of a month are about $4 by default, as the README says', () => {
  const fixed = costLines(templateOf(), 1e6, costValues()).filter(({ isFixed }) => isFixed);
  const dollars = fixed.reduce((sum, each) => sum + each.dollars, 0);
  expect(fixed.map(({ component }) => component)).toContain('alarms');
  expect(Math.round(dollars)).toBe(4);
});
