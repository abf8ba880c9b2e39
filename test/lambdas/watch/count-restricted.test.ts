import { afterEach, expect, jest, test } from '@jest/globals';
import {
  countRestricted,
  type SessionRestriction,
} from '../../../lambdas/watch/count-restricted.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const noon = Date.UTC(2026, 0, 1, 12);

async function watch(...restrictions: readonly SessionRestriction[]) {
  const metrics: Record<string, unknown>[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    metrics.push(JSON.parse(String(line)));
    return true;
  });
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  await countRestricted(
    async () => restrictions,
    () => noon,
  )();
  return {
    restricted: metrics.map(({ SessionsRestricted }) => SessionsRestricted),
    warned: warn.mock.calls,
  };
}

test('an account counts as restricted until its end, or the all-clear', async () => {
  const { restricted, warned } = await watch(
    { session: 'shop', active: true, until: '2026-01-02T12:00:00.000Z' },
    { session: 'office', active: true },
    { session: 'lab', active: true, until: '2026-01-01T12:00:00.000Z' },
    { session: 'old', active: false },
  );
  expect(restricted).toEqual([2]);
  expect(warned).toEqual([[{ message: 'accounts are restricted', sessions: ['shop', 'office'] }]]);
});

test('where no account is restricted, that is counted too, and nothing is logged', async () => {
  const { restricted, warned } = await watch();
  expect(restricted).toEqual([0]);
  expect(warned).toEqual([]);
});
