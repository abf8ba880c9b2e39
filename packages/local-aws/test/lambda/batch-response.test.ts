import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBatchResponse } from '../../src/lambda/event-source-mapping/batches.ts';

const knownIds = new Set(['a', 'b', 'c']);
const failed = (payload: string) => [...readBatchResponse(payload, knownIds)].sort();

describe('nothing failed', () => {
  test.each([
    ['null'],
    [''],
    ['""'],
    ['{}'],
    ['{"batchItemFailures":[]}'],
    ['{"batchItemFailures":null}'],
    ['{"other":1}'],
  ])('for %s', (payload) => {
    expect(failed(payload)).toEqual([]);
  });
});

describe('the reported messages failed', () => {
  test.each([
    ['{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['b']],
    ['{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a","why":1}]}', ['a', 'c']],
    ['{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}', ['b']],
  ])('for %s', (payload, expected) => {
    expect(failed(payload)).toEqual(expected);
  });
});

describe('the entire batch failed', () => {
  test.each([
    ['{"batchItemFailures":[{"itemIdentifier":""}]}'],
    ['{"batchItemFailures":[{"itemIdentifier":null}]}'],
    ['{"batchItemFailures":[{"itemIdentifier":7}]}'],
    ['{"batchItemFailures":[{"itemIdentifier":"unknown"}]}'],
    ['{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"unknown"}]}'],
    ['{"batchItemFailures":[{"messageId":"a"}]}'],
    ['{"batchItemFailures":["a"]}'],
    ['{"batchItemFailures":[null]}'],
    ['{"batchItemFailures":"a"}'],
    ['{"batchItemFailures":{"0":{"itemIdentifier":"a"}}}'],
    ['{"batchItemFailures":[{"__proto__":{"itemIdentifier":"a"}}]}'],
    ['"done"'],
    ['[]'],
    ['12'],
    ['not json'],
  ])('for %s', (payload) => {
    expect(failed(payload)).toEqual(['a', 'b', 'c']);
  });
});

test('whatever a function returns, only messages of the batch fail', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (payload) => {
      for (const id of readBatchResponse(payload, knownIds)) {
        expect(knownIds.has(id)).toBe(true);
      }
    }),
  );
});

test('any subset of the batch can be reported', () => {
  fc.assert(
    fc.property(fc.subarray([...knownIds]), (ids) => {
      const batchItemFailures = ids.map((itemIdentifier) => ({ itemIdentifier }));
      expect(failed(JSON.stringify({ batchItemFailures }))).toEqual(ids);
    }),
  );
});
