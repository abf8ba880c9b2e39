import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assumed } from '../../../cli/cost/assumptions.ts';
import { type Cost, costOf } from '../../../cli/cost/cost-of.ts';
import { type Mix, mixes } from '../../../cli/cost/mixes.ts';
import { readStackFacts } from '../../../cli/cost/stack-facts.ts';
import { rowsOf } from '../../../cli/cost/summarize-costs.ts';
import type { TemplateJson } from '../../../cli/cost/template-json.ts';
import { eventTypes } from '../../../events/catalog.ts';
import { unitPrices } from '../../../lib/prices.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

const template = (await keptTemplate()) as TemplateJson;
const facts = readStackFacts(template);

/** The template with other values in ingest's environment, which is where its settings are. */
function withIngest(variables: Record<string, string | undefined>): TemplateJson {
  const copy = structuredClone(template);
  for (const { Properties } of Object.values(copy.Resources)) {
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: object };
    if (Variables && 'CLAIM_CHECK_BUCKET' in Variables) Object.assign(Variables, variables);
  }
  return copy;
}

const costs = (mix: Mix = mixes['2kb'], webhooks = 1e6, of: TemplateJson = template): Cost =>
  costOf({
    facts: of === template ? facts : readStackFacts(of),
    mix,
    webhooks,
    prices: unitPrices(),
    assumed: assumed(),
  });

const dollars = (cost: Cost, component: string, consumer = '') =>
  rowsOf([cost]).find((row) => row.component === component && row.consumer === consumer)
    ?.dollarsAMillion[0] ?? 0;

describe('what a million webhooks cost', () => {
  test('one request, one event and one read and write of the ledger each are what their prices say', () => {
    const cost = costs();
    expect(dollars(cost, 'front door')).toBeCloseTo(1, 6);
    expect(dollars(cost, 'bus')).toBeCloseTo(1, 6);
    expect(dollars(cost, 'ledger')).toBeCloseTo(0.75, 6);
  });

  test('each component is in the sum once', () => {
    const cost = costs(mixes.realistic);
    const sum = cost.lines.reduce((total, { dollarsAMonth }) => total + dollarsAMonth, 0);
    expect(cost.dollarsAMonth).toBeCloseTo(sum, 9);
    const keys = cost.lines.map(({ component, consumer }) => `${component} ${consumer}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('messages are heard by the consumer of messages, presence by that of presence', () => {
    const cost = costs(mixes.realistic);
    const heardBy = new Set(
      cost.lines.flatMap(({ component, consumer, dollarsAMonth }) =>
        component === 'queue' && dollarsAMonth > 0 ? [consumer] : [],
      ),
    );
    for (const consumer of ['messages', 'presence', 'engine', 'groups', 'calls', 'sessions']) {
      expect(heardBy).toContain(consumer);
    }
    expect(heardBy).not.toContain('unrecognized');
  });

  test('an event of more than 64 KB costs twice on the bus', () => {
    const large: Mix = { summary: '', rows: [{ type: 'message', share: 1, bytes: 70_000 }] };
    expect(dollars(costs(large), 'bus')).toBeCloseTo(2, 6);
  });

  test('fixed costs are paid without a webhook, and shared by more of them', () => {
    const [few, many] = [costs(mixes['2kb'], 1e6), costs(mixes['2kb'], 1e8)];
    expect(few.fixedDollarsAMonth).toBeGreaterThanOrEqual(many.fixedDollarsAMonth);
    expect(few.dollarsAMillion).toBeGreaterThan(many.dollarsAMillion);
    const alarms = Object.values(template.Resources).filter(
      ({ Type }) => Type === 'AWS::CloudWatch::Alarm',
    ).length;
    expect(alarms).toBeGreaterThan(0);
    expect(dollars(few, 'alarms')).toBeGreaterThanOrEqual(0.1 * alarms - 1e-9);
  });

  test('noise that is dropped pays for its request only', () => {
    const quiet = costs(mixes.realistic, 1e6, withIngest({ NOISE: 'presence:drop,engine:drop' }));
    expect(dollars(quiet, 'front door')).toBeCloseTo(1, 6);
    expect(dollars(quiet, 'bus')).toBeCloseTo(1 - 0.22 - 0.12, 2);
    expect(dollars(quiet, 'queue', 'presence')).toBe(0);
  });

  test('the second telling of a message is looked up, but neither noted nor heard', async () => {
    const [message, any] = mixes.realistic.rows;
    const both: Mix = {
      summary: '',
      rows: [
        { ...message, share: 0.5 },
        { ...any, share: 0.5 },
      ],
    };
    const cost = costs(both);
    expect(dollars(cost, 'ledger')).toBeCloseTo(0.125 + 0.625 / 2, 6);
    const kept = costs(both, 1e6, (await keptTemplate({ keepState: 'all' })) as TemplateJson);
    expect(dollars(kept, 'state writes', 'messages')).toBeCloseTo((6 / 2) * 0.625, 6);
    expect(dollars(cost, 'state writes', 'messages')).toBe(0);
  });

  test('without the ledger nothing is looked up', () => {
    const without = withIngest({ LEDGER_TABLE: undefined, DEDUPLICATE: 'none' });
    expect(dollars(costs(mixes['2kb'], 1e6, without), 'ledger')).toBe(0);
  });

  test('whatever comes, no line is negative, and more of the same costs no more for each', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...eventTypes),
        fc.integer({ min: 1, max: 140_000 }),
        fc.integer({ min: 1, max: 1e9 }),
        (type, bytes, webhooks) => {
          const mix: Mix = { summary: '', rows: [{ type, share: 1, bytes }] };
          const [once, twice] = [costs(mix, webhooks), costs(mix, webhooks * 2)];
          for (const { dollarsAMonth } of once.lines)
            expect(dollarsAMonth).toBeGreaterThanOrEqual(0);
          expect(twice.dollarsAMillion).toBeLessThanOrEqual(once.dollarsAMillion * (1 + 1e-9));
          expect(twice.dollarsAMonth).toBeGreaterThanOrEqual(once.dollarsAMonth * (1 - 1e-9));
        },
      ),
      { numRuns: 12 },
    );
  });

  test('a template without a front door is refused', () => {
    expect(() => readStackFacts({ Resources: {} })).toThrow('no function behind');
  });

  test('the shares of each mix make one', () => {
    for (const { rows } of Object.values(mixes)) {
      expect(rows.reduce((sum: number, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
  });
});
