import { afterEach, expect, jest, test } from '@jest/globals';
import { countOffline } from '../../../lambdas/watch/count-offline.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

async function watch(statuses: Readonly<Record<string, string>>) {
  const metrics: Record<string, unknown>[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    metrics.push(JSON.parse(String(line)));
    return true;
  });
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  await countOffline(async () =>
    Object.entries(statuses).map(([session, status]) => ({ session, status })),
  )();
  return {
    offline: metrics.map(({ SessionsOffline }) => SessionsOffline),
    warned: warn.mock.calls,
  };
}

test('a session that needs somebody is offline, one that is starting is on its way', async () => {
  const { offline, warned } = await watch({
    shop: 'WORKING',
    office: 'STARTING',
    lab: 'SCAN_QR_CODE',
    old: 'STOPPED',
  });
  expect(offline).toEqual([2]);
  expect(warned).toEqual([
    [{ message: 'sessions are offline', sessions: ['lab SCAN_QR_CODE', 'old STOPPED'] }],
  ]);
});

test('when all is well that is told too, so that an alarm ends', async () => {
  expect(await watch({ shop: 'WORKING' })).toEqual({ offline: [0], warned: [] });
  expect(await watch({})).toEqual({ offline: [0], warned: [] });
});
