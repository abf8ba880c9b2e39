import { expect, test } from '@jest/globals';
import { combineObservers } from '../../../cli/local/reporter.ts';

test('every observer receives every observation', () => {
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

test('what nobody listens to is not there, so that nobody takes the trouble to make it', () => {
  expect(Object.keys(combineObservers([{ logged: () => {} }, {}]))).toEqual(['logged']);
});
