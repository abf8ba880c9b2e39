import { afterEach, expect, jest, test } from '@jest/globals';
import { countSessions, type SessionState } from '../../../lambdas/watch/counts.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

async function watch(sessions: readonly SessionState[]) {
  const metrics: Record<string, unknown>[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    metrics.push(JSON.parse(String(line)));
    return true;
  });
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  await countSessions(async () => sessions);
  return {
    offline: metrics.flatMap(({ SessionsOffline }) => SessionsOffline ?? []),
    restricted: metrics.flatMap(({ SessionsRestricted }) => SessionsRestricted ?? []),
    warned: warn.mock.calls,
  };
}

test('a session that needs a person is offline, a starting one is not', async () => {
  const { offline, warned } = await watch([
    { session: 'shop', status: 'WORKING' },
    { session: 'office', status: 'STARTING' },
    { session: 'lab', status: 'SCAN_QR_CODE' },
    { session: 'old', status: 'STOPPED' },
  ]);
  expect(offline).toEqual([2]);
  expect(warned).toEqual([
    [{ message: 'sessions are offline', sessions: ['lab SCAN_QR_CODE', 'old STOPPED'] }],
  ]);
});

test('an account that WhatsApp has restricted is counted until the restriction is lifted', async () => {
  const { restricted, warned } = await watch([
    { session: 'shop', isRestricted: true },
    { session: 'office', isRestricted: false },
    { session: 'shop', status: 'WORKING' },
  ]);
  expect(restricted).toEqual([1]);
  expect(warned).toEqual([[{ message: 'accounts are restricted', sessions: ['shop'] }]]);
});

test('if no session is offline or restricted, no metric is written, which would cost as much as three alarms', async () => {
  const nothing = { offline: [], restricted: [], warned: [] };
  expect(await watch([{ session: 'shop', status: 'WORKING' }])).toEqual(nothing);
  expect(await watch([])).toEqual(nothing);
});
