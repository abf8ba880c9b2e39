import { compilePattern, matches } from '@event-fanout/event-pattern';
import { describe, expect, test } from '@jest/globals';
import { typesInCategory } from '../../events/catalog.ts';
import { pattern } from '../../events/pattern.ts';
import { unheardPattern } from '../../lib/event-bus.ts';
import { alwaysHeardTypes, heardPattern, heardTypes } from '../../lib/heard-pattern.ts';

const labels = [...typesInCategory('labels')];

describe('what a consumer hears', () => {
  test('by category is each of its types, whatever is in the event', () => {
    expect(heardTypes({ hears: ['labels'] })).toEqual(labels);
    expect(alwaysHeardTypes({ hears: ['labels'] })).toEqual(labels);
  });

  test('by a pattern on types and categories alone is those types, always', () => {
    const byCategory = { pattern: pattern({ category: 'labels' }) };
    expect([heardTypes(byCategory), alwaysHeardTypes(byCategory)]).toEqual([labels, labels]);
    const byType = { pattern: pattern({ type: ['message', 'call.received'] }) };
    expect(alwaysHeardTypes(byType)).toEqual(['message', 'call.received']);
    const byPrefix = { pattern: { source: ['whatsapp'], 'detail-type': [{ prefix: 'label.' }] } };
    expect(alwaysHeardTypes(byPrefix as never)).toEqual(labels);
  });

  test('without any restriction is everything', () => {
    expect(alwaysHeardTypes({ pattern: { source: ['whatsapp'] } })).toContain('unrecognized');
  });

  test.each([
    pattern({ type: 'message', where: { 'meta.fromMe': false } }),
    pattern({ type: 'message', where: { 'data.chat.kind': 'group' } }),
    pattern({
      type: 'message',
      where: { $or: [{ 'meta.fromMe': false }, { 'meta.session': 'shop' }] },
    }),
    { source: ['whatsapp'], 'detail-type': ['message'], account: ['123456789012'] },
  ])('under a condition is heard, but not always: %j', (own) => {
    expect(heardTypes({ pattern: own })).toEqual(['message']);
    expect(alwaysHeardTypes({ pattern: own })).toEqual([]);
  });

  test('is nothing when the pattern is for another source', () => {
    const others = { pattern: { source: ['shop'], 'detail-type': ['message'] } };
    expect(heardTypes(others)).toEqual([]);
  });

  test('leaves out what was already told as another kind', () => {
    expect(heardPattern({ hears: ['calls'] }).detail).toEqual({
      meta: { duplicateOf: [{ exists: false }] },
    });
  });

  test('nothing at all is a mistake', () => {
    expect(() => heardPattern({})).toThrow('hears nothing');
  });
});

describe('the catch-all', () => {
  const event = { source: 'whatsapp', 'detail-type': 'message', detail: { meta: {} } };
  const takes = (heard: readonly string[]) => matches(compilePattern(unheardPattern(heard)), event);

  test('takes a type that is heard under a condition only, and leaves one that is always heard', () => {
    const some = { pattern: pattern({ type: 'message', where: { 'meta.fromMe': false } }) };
    expect(takes(['call.received', ...alwaysHeardTypes(some)])).toBe(true);
    expect(takes(alwaysHeardTypes({ hears: ['messages'] }))).toBe(false);
  });

  test('takes everything where there is no consumer', () => {
    expect(takes([])).toBe(true);
  });
});
