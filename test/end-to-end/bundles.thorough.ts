import { expect, test } from '@jest/globals';
import { assembleProject } from './assembly.ts';
import { consumersOf, readCodes } from './function-codes.ts';

test('the bundle of a consumer that keeps no state has at most 10 KB', async () => {
  const consumers = consumersOf(readCodes(await assembleProject({ keepState: 'none' })));
  expect(consumers.length).toBeGreaterThanOrEqual(4);
  for (const [name, code] of consumers) {
    expect([name, code.length < 10_000]).toEqual([name, true]);
  }
});
