import { describe, expect, test } from '@jest/globals';
import { compilePattern } from '../src/compile-pattern.ts';
import { explainMatch } from '../src/match-pattern.ts';

describe('an explanation', () => {
  test('has no failures for a pattern that matches', () => {
    expect(explainMatch(compilePattern({ a: [1] }), '{"a":1}')).toEqual({
      matches: true,
      failures: [],
      branches: [],
    });
  });

  test('names each field that failed, with the accepted and the present values', () => {
    const pattern = compilePattern({
      source: ['whatsapp'],
      detail: {
        meta: { type: ['message', { prefix: 'call.' }], fromMe: [false] },
        data: { n: [1] },
      },
    });
    const event = '{"source":"whatsapp","detail":{"meta":{"type":"poll.vote","fromMe":true}}}';
    expect(explainMatch(pattern, event).failures).toEqual([
      { path: 'detail.data.n', expected: '[1]', actual: [], reason: 'missing' },
      { path: 'detail.meta.fromMe', expected: '[false]', actual: ['true'], reason: 'different' },
      {
        path: 'detail.meta.type',
        expected: '["message",{"prefix":"call."}]',
        actual: ['"poll.vote"'],
        reason: 'different',
      },
    ]);
  });

  test('shows numbers as the event wrote them', () => {
    const { failures } = explainMatch(compilePattern({ a: [{ numeric: ['>', 5] }] }), '{"a":1.50}');
    expect(failures).toEqual([
      { path: 'a', expected: '[{"numeric":[">",5]}]', actual: ['1.50'], reason: 'different' },
    ]);
  });

  test('reports values that are in different elements of an array', () => {
    const pattern = compilePattern({ list: { a: [1], b: [2] }, c: [3] });
    const event = '{"list":[{"a":1},{"b":2}],"c":3}';
    expect(explainMatch(pattern, event).failures).toEqual([
      { path: 'list.a', expected: '[1]', actual: ['1'], reason: 'other-element' },
      { path: 'list.b', expected: '[2]', actual: ['2'], reason: 'other-element' },
    ]);
  });

  test('puts the branch of $or with the fewest failures first', () => {
    const pattern = compilePattern({ s: ['x'], $or: [{ a: [1], b: [2] }, { c: [3] }] });
    const { failures, branches } = explainMatch(pattern, '{"s":"x","c":4}');
    expect(failures.map(({ path }) => path)).toEqual(['c']);
    expect(branches.map((branch) => branch.map(({ path }) => path))).toEqual([['c'], ['a', 'b']]);
  });
});
