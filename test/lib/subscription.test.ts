import { compilePattern, matches } from '@event-fanout/event-pattern';
import { describe, expect, test } from '@jest/globals';
import { typesInCategory } from '../../events/catalog.ts';
import { pattern } from '../../events/pattern.ts';
import {
  alwaysSubscribedTypes,
  subscribedTypes,
  subscriptionPattern,
} from '../../lib/subscription.ts';
import { unroutedPattern } from '../../lib/unrouted.ts';

const labels = [...typesInCategory('labels')];

describe('what a consumer subscribes to', () => {
  test('by category is each of its event types, unconditionally', () => {
    expect(subscribedTypes({ categories: ['labels'] })).toEqual(labels);
    expect(alwaysSubscribedTypes({ categories: ['labels'] })).toEqual(labels);
  });

  test('by a pattern on types and categories only is these types, unconditionally', () => {
    const byCategory = { pattern: pattern({ category: 'labels' }) };
    expect([subscribedTypes(byCategory), alwaysSubscribedTypes(byCategory)]).toEqual([
      labels,
      labels,
    ]);
    const byType = { pattern: pattern({ type: ['message', 'call.received'] }) };
    expect(alwaysSubscribedTypes(byType)).toEqual(['message', 'call.received']);
    const byPrefix = { pattern: { source: ['whatsapp'], 'detail-type': [{ prefix: 'label.' }] } };
    expect(alwaysSubscribedTypes(byPrefix as never)).toEqual(labels);
  });

  test('without any restriction is everything', () => {
    expect(alwaysSubscribedTypes({ pattern: { source: ['whatsapp'] } })).toContain('unrecognized');
  });

  test.each([
    pattern({ type: 'message', where: { 'meta.fromMe': false } }),
    pattern({ type: 'message', where: { 'data.chat.kind': 'group' } }),
    pattern({
      type: 'message',
      where: { $or: [{ 'meta.fromMe': false }, { 'meta.session': 'shop' }] },
    }),
    { source: ['whatsapp'], 'detail-type': ['message'], account: ['123456789012'] },
  ])('under a condition is received conditionally: %j', (own) => {
    expect(subscribedTypes({ pattern: own })).toEqual(['message']);
    expect(alwaysSubscribedTypes({ pattern: own })).toEqual([]);
  });

  test('is nothing if the pattern is for another source', () => {
    const others = { pattern: { source: ['shop'], 'detail-type': ['message'] } };
    expect(subscribedTypes(others)).toEqual([]);
  });

  test('excludes events that were already published as another type', () => {
    expect(subscriptionPattern({ categories: ['calls'] }).detail).toEqual({
      meta: { duplicateOf: [{ exists: false }] },
    });
  });

  test('must not be empty', () => {
    expect(() => subscriptionPattern({})).toThrow('subscribes to nothing');
  });
});

describe('the catch-all', () => {
  const event = { source: 'whatsapp', 'detail-type': 'message', detail: { meta: {} } };
  const takes = (subscribed: readonly string[]) =>
    matches(compilePattern(unroutedPattern(subscribed)), event);

  test('matches a type that is only received under a condition, but not one that is received unconditionally', () => {
    const some = { pattern: pattern({ type: 'message', where: { 'meta.fromMe': false } }) };
    expect(takes(['call.received', ...alwaysSubscribedTypes(some)])).toBe(true);
    expect(takes(alwaysSubscribedTypes({ categories: ['messages'] }))).toBe(false);
  });

  test('matches everything without consumers', () => {
    expect(takes([])).toBe(true);
  });
});
