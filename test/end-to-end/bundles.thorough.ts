import { expect, test } from '@jest/globals';
import { assembleProject } from './assembly.ts';
import { consumersOf, readCodes, servicesIn } from './function-codes.ts';

test('a consumer without state contains no other client than that of its queues', async () => {
  const consumers = consumersOf(readCodes(await assembleProject({ state: 'none' })));
  expect(consumers.length).toBeGreaterThanOrEqual(4);
  for (const [name, code] of consumers) {
    expect([name, servicesIn(code)]).toEqual([name, ['queues']]);
  }
});
