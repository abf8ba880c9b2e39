import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSettings } from '../../lib/read-settings.ts';
import { settings } from '../../lib/settings.ts';

const read = (context: Record<string, unknown>) => readSettings((name) => context[name]);

describe('settings', () => {
  test('have their defaults without context', () => {
    const defaults = Object.fromEntries(
      Object.entries(settings).map(([name, setting]) => [name, setting.default]),
    );
    expect(read({})).toEqual(defaults);
  });

  test('have allowed defaults', () => {
    const defaults = { ...read({}) };
    expect(read(defaults)).toEqual(defaults);
  });

  test('accept numbers as text from the command line', () => {
    expect(read({ throttleRate: '25', stage: 'prod' })).toMatchObject({
      throttleRate: 25,
      stage: 'prod',
    });
  });

  test.each([
    ['stage', 'My Stage', '1 to 20 lower-case letters'],
    ['authentication', 'none', 'one of any, hmac, secret'],
    ['throttleRate', '0', 'a whole number from 1 to 10000'],
    ['throttleRate', 'fast', 'a whole number from 1 to 10000'],
    ['ingestMemoryMb', 128.5, 'a whole number from 128 to 10240'],
    ['logRetentionDays', 2, 'one of 1, 3, 5, 7'],
  ])('%s = %j is refused with the value and the allowed values', (name, value, allowed) => {
    expect(() => read({ [name]: value })).toThrow(
      `The setting "${name}" is ${JSON.stringify(value)}`,
    );
    expect(() => read({ [name]: value })).toThrow(allowed);
  });

  test('that are wrong are all refused at once, with their origin', () => {
    const context = { stage: 'My Stage', throttleRate: 'fast', alarms: 'loud', archiveDays: 7 };
    expect(() => read(context)).toThrow(
      [
        'The setting "stage" is "My Stage", but must be 1 to 20 lower-case letters, digits and hyphens, a letter first.',
        'The setting "throttleRate" is "fast", but must be a whole number from 1 to 10000.',
        'The setting "alarms" is "loud", but must be one of on, off.',
        'Settings come from CDK context: "context" in cdk.json, or "-c name=value" on the command line.',
      ].join('\n'),
    );
  });

  test('that contradict each other are all refused at once', () => {
    const context = { domainName: 'a.example.com', deduplicate: 'mesage', filters: 'all:drop' };
    const printed = ['"deduplicate" names mesage', '"filters" is wrong', '"certificateArn" (none)'];
    for (const each of [...printed, 'Settings come from CDK context']) {
      expect(() => read(context)).toThrow(each);
    }
  });

  test('with null are absent', () => {
    expect(read({ stage: null, archiveDays: null })).toEqual(read({}));
  });

  test('with any value are either accepted, or refused by name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(settings)), fc.jsonValue(), (name, value) => {
        try {
          const result = read({ [name]: value })[name as keyof typeof settings];
          expect(typeof result).toBe(typeof settings[name as keyof typeof settings].default);
        } catch (error) {
          expect(String(error)).toContain(`"${name}"`);
        }
      }),
    );
  });
});
