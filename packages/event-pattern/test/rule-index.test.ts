import { describe, expect, test } from '@jest/globals';
import { countSteps } from '../../../test/count-steps.ts';
import { compilePattern } from '../src/compile-pattern.ts';
import { RuleIndex } from '../src/rule-index.ts';

const indexOf = (patterns: readonly object[]) => {
  const index = new RuleIndex<number>();
  for (const [rule, pattern] of patterns.entries()) {
    index.add(rule, compilePattern(pattern));
  }
  return index;
};

describe('the rule index', () => {
  test('gives the matching rules in the order in which they were added, each once', () => {
    const index = indexOf([
      { a: [{ exists: true }] },
      { $or: [{ a: ['x'] }, { b: ['y'] }] },
      { a: ['z'] },
      { a: [{ prefix: 'x' }, { suffix: 'x' }, 5] },
    ]);
    expect(index.matching('{"a":["x","x"],"b":"y"}')).toEqual([0, 1, 3]);
    expect(index.matching('{"a":5.0}')).toEqual([0, 3]);
  });

  test('follows added, changed and removed rules', () => {
    const index = indexOf([{ a: ['x'] }]);
    index.add(1, compilePattern({ a: ['y'] }));
    expect(index.matching('{"a":"y"}')).toEqual([1]);
    index.add(1, compilePattern({ a: ['x'] }));
    expect(index.matching('{"a":"x"}')).toEqual([0, 1]);
    index.remove(0);
    expect(index.matching('{"a":"x"}')).toEqual([1]);
  });
});

const shapes: Record<string, (rule: number) => object> = {
  'other types and categories': (rule) => ({
    source: ['whatsapp'],
    'detail-type': [`type${rule}`, `type${rule + 1}`],
    detail: { meta: { category: [`category${rule}`], fromMe: [false] } },
  }),
  'one chat each': (rule) => ({
    source: ['whatsapp'],
    'detail-type': ['message'],
    detail: { meta: { chat: [`${rule}@c.us`], fromMe: [false] } },
  }),
  'a field of their own each': (rule) => ({
    source: ['whatsapp'],
    detail: { meta: { [`field${rule}`]: ['x'] } },
  }),
  'all but one session': (rule) => ({
    source: ['whatsapp'],
    'detail-type': ['message', 'message.any'],
    detail: { meta: { session: [{ 'anything-but': [`s${rule}`] }], chat: [`${rule}@c.us`] } },
  }),
};

describe('a rule that an event does not match adds one step at most', () => {
  const event = (number: number) =>
    JSON.stringify({
      source: 'whatsapp',
      'detail-type': 'message',
      detail: {
        meta: { category: 'messages', session: 's1', chat: `${number}@c.us`, fromMe: false },
        data: { text: 'x'.repeat(1500), list: Array.from({ length: 20 }, (_, k) => ({ k })) },
      },
    });
  const events = Array.from({ length: 10 }, (_, number) => event(number));
  const few = 10;
  const many = 300;

  test.each(Object.entries(shapes))('%s', (_, shape) => {
    const steps = (count: number) => {
      const index = indexOf(Array.from({ length: count }, (__, rule) => shape(rule)));
      return countSteps(() => events.map((text) => index.matching(text)));
    };
    expect(steps(many) - steps(few)).toBeLessThanOrEqual((many - few) * events.length);
  });
});
