import { afterEach, expect, jest, test } from '@jest/globals';
import { systemClock } from '../src/clock.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Lets a millisecond pass between any two looks at the machine's clock. */
function tickAtEachLook(): { now: number } {
  const machine = { now: 1_000 };
  jest.spyOn(Date, 'now').mockImplementation(() => {
    machine.now += 1;
    return machine.now;
  });
  return machine;
}

test("the system's clock is never behind the machine's", () => {
  const machine = tickAtEachLook();
  const clock = systemClock();
  expect(clock.now()).toBe(machine.now);
});

test('a clock that starts later than the machine keeps its distance', () => {
  tickAtEachLook();
  const clock = systemClock(1, 5_000);
  const first = clock.now();
  expect(first).toBeGreaterThanOrEqual(5_000);
  expect(clock.now()).toBe(first + 1);
});
