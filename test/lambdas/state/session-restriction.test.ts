import { expect, test } from '@jest/globals';
import { sessionRegisters } from '../../../lambdas/state/session-registers.ts';
import { reported } from './reported-event.ts';

/** The items that an event of a session writes. */
const registersOf = (data: object) =>
  sessionRegisters['session.status']?.(reported('session.status', data as never)) ?? [];

test.each([true, false])(
  'the restriction of an account (%j) is a register of its own',
  (active) => {
    const [restriction, ...others] = registersOf({ restriction: { active } });
    expect(others).toEqual([]);
    expect(restriction?.sk).toMatch(/^restriction#/);
    expect(JSON.stringify(restriction)).toContain(`"active":${active}`);
  },
);

test('a status without restrictions does not change them', () => {
  const keys = registersOf({ status: 'WORKING' }).map(({ sk }) => sk);
  expect(keys.filter((key) => key.startsWith('restriction'))).toEqual([]);
  expect(keys.length).toBeGreaterThan(0);
});
