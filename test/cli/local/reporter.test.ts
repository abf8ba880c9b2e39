import { expect, test } from '@jest/globals';
import { combineObservers } from '../../../cli/local/reporter.ts';

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
