import { describe, expect, test } from '@jest/globals';
import { pattern } from '../../../events/pattern.ts';
import type { ConsumerRow } from '../../../lib/consumer-row.ts';
import { consumers } from '../../../lib/consumers.ts';
import { subscriptionPattern } from '../../../lib/subscription.ts';
import { consumersPage, subscriptionChart } from '../../../tools/docs/consumers-page.ts';

describe('the page of consumers', () => {
  const page = consumersPage();

  test.each(Object.entries(consumers))(
    'shows the rule of %s as EventBridge has it',
    (name, row) => {
      const section = page.split(`### \`${name}\`\n`)[1] ?? '';
      const json = /```json\n(.*?)\n```/s.exec(section)?.[1] ?? '';
      expect(JSON.parse(json)).toEqual(subscriptionPattern(row));
    },
  );

  test('shows the settings of a row in bold, the defaults of others, and no confidential value', () => {
    const own = consumersPage({
      hook: {
        kind: 'https',
        summary: 'A hook',
        categories: ['calls'],
        endpoint: 'https://example.com/hook?token=hush',
        ratePerSecond: 7,
      },
    });
    expect(own).toContain('| `ratePerSecond` | **7** |');
    expect(own).toContain('| `method` | POST |');
    expect(own).toContain('POST to `example.com`');
    expect(own).not.toContain('hush');
  });
});

describe('the picture', () => {
  test('has an arrow from each category to each of its subscribers', () => {
    const chart = subscriptionChart(consumers);
    for (const name of Object.keys(consumers)) {
      expect(chart).toContain(`["${name}<br/>`);
    }
    expect(chart).toMatch(/^flowchart LR\n/);
  });

  test('has a dotted arrow for a conditional subscription', () => {
    const mine: ConsumerRow = {
      kind: 'queue',
      summary: 'Mine',
      pattern: pattern({ type: 'message', where: { 'meta.fromMe': false } }),
    };
    expect(subscriptionChart({ mine }).split('\n')).toEqual([
      'flowchart LR',
      '  bus(("bus"))',
      '  bus --- category0(["messages"])',
      '  consumer0["mine<br/>queue"]',
      '  category0 -. some .-> consumer0',
      '  bus -. no subscription .-> unrouted["unrouted<br/>queue"]',
    ]);
  });
});
