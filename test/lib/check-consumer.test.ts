import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consumerVariables } from '../../events/names.ts';
import { checkConsumer } from '../../lib/check-consumer.ts';
import { type ConsumerRow, consumerKinds } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';

const check = (row: object, name = 'orders') => checkConsumer(name, row as ConsumerRow);
const base = { kind: 'function', summary: 'Orders', categories: ['messages'] };

describe('a consumer', () => {
  test.each(Object.entries(consumers))('%s of the table is valid', (name, row) => {
    expect(() => checkConsumer(name, row)).not.toThrow();
  });

  test.each([
    [{ batchSize: 0 }, 'batchSize 0, but it must be a whole number from 1 to 10000'],
    [{ batchSize: 11 }, 'batchSize 11, but it must be at most 10 without batchWindowSeconds'],
    [{ batchWindowSeconds: 301 }, 'a whole number from 0 to 300'],
    [{ concurrency: 1 }, 'a whole number from 2 to 1000'],
    [{ timeoutSeconds: 901 }, 'a whole number from 1 to 900'],
    [{ memoryMb: '256' }, 'memoryMb "256", but it must be a whole number from 128 to 10240'],
    [{ maxReceiveCount: 1.5 }, 'maxReceiveCount 1.5'],
    [{ retentionDays: 14 }, 'a whole number from 1 to 13'],
    [{ retryAttempts: 186 }, 'a whole number from 0 to 185'],
    [{ maxAgeMinutes: 1441 }, 'a whole number from 1 to 1440'],
    [{ idempotent: 'yes' }, 'true or false'],
    [{ permissions: [{ actions: ['s3:GetObject'] }] }, 'a list of { actions, resources'],
    [{ entry: 'handler' }, 'the path of a TypeScript or JavaScript file'],
    [{ categories: ['mesages'] }, 'a list of categories: sessions, messages'],
    [{ categories: [] }, 'a list of categories'],
    [{ summary: '' }, 'one line of 1 to 400 characters'],
    [{ summary: 'a\nb' }, 'one line of 1 to 400 characters'],
    [{ kind: 'lambda' }, 'kind "lambda", but it must be one of function, queue, https, bus'],
    [{ kind: 'constructor' }, 'must be one of function, queue'],
    [{ kind: undefined }, 'must be one of function, queue'],
    [{ categories: undefined }, 'neither categories nor pattern, but must have one of them'],
    [{ pattern: { source: ['whatsapp'] } }, 'both categories and pattern'],
    [{ categories: undefined, pattern: { source: 'whatsapp' } }, 'an event pattern'],
    [
      { kind: 'queue', readableBy: ['me'] },
      'readableBy ["me"], but it must be a list of account ids',
    ],
    [{ kind: 'https' }, 'endpoint undefined, but it must be an https: URL'],
    [
      { kind: 'https', endpoint: 'https://e.com', ratePerSecond: 301 },
      'a whole number from 1 to 300',
    ],
    [{ kind: 'https', endpoint: 'https://e.com', method: 'GET' }, 'one of POST, PUT, PATCH'],
    [{ kind: 'https', endpoint: 'https://e.com', secretHeader: 'a\r\nb' }, 'a header name'],
    [{ kind: 'bus', busArn: 'other' }, 'busArn "other", but it must be the ARN of an event bus'],
    [{ kind: 'firehose', bufferMegabytes: 129 }, 'a whole number from 1 to 128'],
    [{ kind: 'target' }, 'an IRuleTarget or a function'],
  ])('with %j is refused with the allowed values', (wrong, printed) => {
    expect(() => check({ ...base, ...wrong })).toThrow(/^The consumer "orders" has /);
    expect(() => check({ ...base, ...wrong })).toThrow(printed);
  });

  test('with a setting that its kind does not have is refused with the list of its settings', () => {
    expect(() => check({ ...base, kind: 'queue', memoryMb: 256 })).toThrow(
      'has the setting "memoryMb", which a consumer of the kind queue does not have. It has: summary, categories',
    );
    expect(() => check({ ...base, batchsize: 5 })).toThrow('has the setting "batchsize"');
    expect(() =>
      check(JSON.parse('{"kind":"queue","summary":"a","categories":["calls"],"__proto__":1}')),
    ).toThrow('"__proto__"');
  });

  test('with several errors is refused with all of them', () => {
    const wrong = { ...base, memoryMb: 1, batchSize: '10', colour: 'red', categories: undefined };
    expect(() => check(wrong)).toThrow(
      /"colour".*\n.*batchSize "10".*\n.*memoryMb 1,.*\n.*neither/,
    );
  });

  test.each(['constructor', 'toString', 'valueOf'])(
    'with the setting "%s", which every object inherits, is refused',
    (setting) => {
      expect(() => check({ ...base, [setting]: 1 })).toThrow(`has the setting "${setting}"`);
    },
  );

  test('gets the defaults of its kind, and keeps given values', () => {
    const row = { ...base, timeoutSeconds: 60, environment: { constructor: 'a' } };
    expect(check(row)).toMatchObject({ ...row, maxReceiveCount: 5 });
    expect(check(row)).not.toHaveProperty('memoryMb');
  });

  test.each([
    '',
    'Orders',
    '1st',
    'a_b',
    'x'.repeat(31),
    'spill',
    'unrouted',
    'a-dead-letters',
    '__proto__',
  ])('with the name %j is refused with the allowed form', (name) => {
    expect(() => check(base, name)).toThrow('but its name must be 1 to 30 lower-case letters');
  });

  test.each([
    'http://example.com',
    'ftp://example.com',
    'https://me:hush@example.com',
    '/hook',
    'hush',
  ])('with the endpoint %s is refused without repeating the endpoint', (endpoint) => {
    const wrong = { ...base, kind: 'https', endpoint };
    expect(() => check(wrong)).toThrow('must be an https: URL without credentials');
    expect(() => check(wrong)).not.toThrow(/hush/);
  });

  test('with an invalid environment is refused without repeating its values', () => {
    const wrong = { ...base, environment: { 'a-b': 'hush' } };
    expect(() => check(wrong)).toThrow('must be texts by names of letters');
    expect(() => check(wrong)).not.toThrow(/hush/);
  });

  test.each(consumerVariables)(
    'that sets the variable %s, which the stack sets, is refused',
    (variable) => {
      expect(() => check({ ...base, environment: { [variable]: 'mine' } })).toThrow(
        `The consumer "orders" has environment with ${variable}, which the stack sets: choose another name.`,
      );
    },
  );

  test('with any settings is either accepted, or refused by name', () => {
    const names = [
      ...new Set(Object.values(consumerKinds).flatMap(({ entries }) => Object.keys(entries))),
    ];
    const row = fc.dictionary(fc.constantFrom('kind', ...names, 'other'), fc.anything());
    const kinds = fc.constantFrom(...Object.keys(consumerKinds));
    fc.assert(
      fc.property(row, kinds, (settings, kind) => {
        try {
          check({ kind, ...settings });
        } catch (error) {
          for (const line of (error as Error).message.split('\n')) {
            expect(line).toMatch(/^The consumer "orders" has /);
            expect(line.length).toBeLessThan(1_500);
          }
        }
      }),
    );
  });

  test('with any allowed number is accepted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 900 }),
        (batchSize, timeoutSeconds) => {
          expect(() => check({ ...base, batchSize, timeoutSeconds })).not.toThrow();
        },
      ),
    );
  });
});
