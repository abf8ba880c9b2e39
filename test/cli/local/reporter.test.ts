import { expect, test } from '@jest/globals';
import { combineObservers, observeCounts } from '../../../cli/local/reporter.ts';

test('every observer receives every call, with all arguments', () => {
  const reported: unknown[] = [];
  const observer = combineObservers([
    { queued: (...all) => reported.push(['first', ...all]) },
    {},
    { queued: (...all) => reported.push(['second', ...all]) },
  ]);
  observer.queued?.('arn', 'body');
  expect(reported).toEqual([
    ['first', 'arn', 'body'],
    ['second', 'arn', 'body'],
  ]);
});

test('a callback that no observer has is absent, so that its arguments are never computed', () => {
  expect(Object.keys(combineObservers([{ logged: () => {} }, {}]))).toEqual(['logged']);
});

test('a message that a consumer reports as failed is counted, also when the rest of its batch succeeds', () => {
  const { counts, observer } = observeCounts();
  const batch = { functionName: 'orders', records: [] } as never;
  observer.batchFinished?.(batch, new Set(['1', '2']));
  observer.batchFinished?.(batch, new Set());
  observer.deadLettered?.('arn:aws:sqs:us-east-1:0:orders-dead-letters');
  expect(counts).toMatchObject({ failed: 2, dead: 1 });
});
