import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { categories, eventTypes, typesInCategory } from '../../../events/catalog.ts';
import { filterRuleFor, readFilterRules } from '../../../events/filters/read-filter-rules.ts';

const measureFor = (setting: string, type: string, fromMe?: boolean) =>
  filterRuleFor({ type, ...(fromMe === undefined ? {} : { fromMe }) }, readFilterRules(setting))
    ?.action;

describe('the setting "filters"', () => {
  test('"none" is an empty list of rules', () => {
    expect(readFilterRules('none')).toEqual([]);
  });

  test('accepts event types and categories', () => {
    const setting = 'message.ack:sample/10,presence:debounce/30,engine:drop';
    expect(measureFor(setting, 'message.ack')).toEqual({ kind: 'sample', oneIn: 10 });
    expect(measureFor(setting, 'presence.update')).toEqual({ kind: 'debounce', seconds: 30 });
    for (const type of typesInCategory('engine')) {
      expect(measureFor(setting, type)).toEqual({ kind: 'drop' });
    }
    expect(measureFor(setting, 'message')).toBeUndefined();
  });

  test('with @fromMe a rule matches only events with `fromMe: true`', () => {
    expect(measureFor('messages@fromMe:drop', 'message.any', true)).toEqual({ kind: 'drop' });
    expect(measureFor('messages@fromMe:drop', 'message.any', false)).toBeUndefined();
    expect(measureFor('messages@fromMe:drop', 'message.any')).toBeUndefined();
  });

  test('the first matching rule is applied', () => {
    const setting = 'message.any@fromMe:drop,messages:sample/2';
    expect(measureFor(setting, 'message.any', true)).toEqual({ kind: 'drop' });
    expect(measureFor(setting, 'message.any', false)).toEqual({ kind: 'sample', oneIn: 2 });
  });

  test.each([
    ['presense:drop', 'names presense, which no event type and no category is called'],
    ['unrecognized:drop', 'names unrecognized, which no event type'],
    ['call.missed:drop', 'names call.missed, which no event type'],
    ['presence:dorp', 'is no rule'],
    ['presence:sample', 'is no rule'],
    ['presence@toMe:drop', 'is no rule'],
    ['presence:sample/1', 'takes a whole number from 2 to 100000'],
    ['presence:debounce/901', 'takes a whole number from 1 to 900'],
    ['presence:drop,presence.update:sample/2', 'does nothing'],
    ['presence:drop,presence@fromMe:drop', 'does nothing'],
    ['', 'is no rule'],
    ['constructor:drop', 'names constructor'],
  ])('%s is refused: it %s', (setting, why) => {
    expect(() => readFilterRules(setting)).toThrow(why);
    expect(() => readFilterRules(setting)).toThrow(setting.split(',').at(-1));
  });

  test('any text is either read, or refused with an error that names the setting', () => {
    const parts = fc.constantFrom(
      ...eventTypes,
      ...categories,
      ':',
      '/',
      '@fromMe',
      'drop',
      ',',
      '9',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts).map((all) => all.join('')),
        ),
        (setting) => {
          try {
            expect(readFilterRules(setting)).toEqual(expect.any(Array));
          } catch (error) {
            expect(String(error)).toContain('The setting "filters" is wrong');
          }
        },
      ),
    );
  });
});
