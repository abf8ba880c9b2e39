import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSchedule } from '../../src/eventbridge/schedules.ts';
import { newBench, queueArn, refusal, ruleArn } from './fixture.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The next times after a moment, as texts without seconds. */
function times(expression: string, after: string, count: number): string[] {
  const schedule = readSchedule(expression, Date.parse('2026-01-01T00:00:30Z'));
  const found: string[] = [];
  let time: number | undefined = Date.parse(after);
  for (let n = 0; n < count && time !== undefined; n += 1) {
    time = schedule?.next(time);
    if (time !== undefined) {
      found.push(new Date(time).toISOString().slice(0, 16));
    }
  }
  return found;
}

describe('a cron expression', () => {
  test.each([
    ['0 10 * * ? *', ['2026-01-01T10:00', '2026-01-02T10:00']],
    ['15 12 * * ? *', ['2026-01-01T12:15', '2026-01-02T12:15']],
    ['0 18 ? * MON-FRI *', ['2026-01-01T18:00', '2026-01-02T18:00', '2026-01-05T18:00']],
    ['0 8 1 * ? *', ['2026-01-01T08:00', '2026-02-01T08:00']],
    ['0/10 * ? * MON-FRI *', ['2026-01-01T00:10', '2026-01-01T00:20']],
    ['0/5 8-17 ? * mon-fri *', ['2026-01-01T08:00', '2026-01-01T08:05']],
    ['5/25 0 * * ? *', ['2026-01-01T00:05', '2026-01-01T00:30', '2026-01-01T00:55']],
    ['0 0 L * ? *', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
    ['0 0 29 2 ? *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['0 9 1W * ? *', ['2026-01-01T09:00', '2026-02-02T09:00', '2026-03-02T09:00']],
    ['0 9 31W 1,2,5 ? *', ['2026-01-30T09:00', '2026-05-29T09:00']],
    ['0 9 ? * 3#2 *', ['2026-01-13T09:00', '2026-02-10T09:00']],
    ['0 9 ? * FRIL *', ['2026-01-30T09:00', '2026-02-27T09:00']],
    ['0 9 ? * L *', ['2026-01-03T09:00', '2026-01-10T09:00']],
    ['0 0 1 JAN,JUL ? 2027-2028', ['2027-01-01T00:00', '2027-07-01T00:00', '2028-01-01T00:00']],
    ['0 0 1 1 ? */3', ['2027-01-01T00:00', '2030-01-01T00:00']],
    ['0 0 1 1 ? 2198/5', ['2198-01-01T00:00']],
    ['0 0 1 1 ? 2025', []],
  ])('%s', (fields, expected) => {
    const found = times(`cron(${fields})`, '2026-01-01T00:00:00Z', Math.max(1, expected.length));
    expect(found).toEqual(expected);
  });

  test.each([
    '* * * * * *',
    '* * ? * ? *',
    '60 * * * ? *',
    '* 24 * * ? *',
    '* * 0 * ? *',
    '* * 32W * ? *',
    '* * ? * 8 *',
    '* * ? * 8,2 *',
    '* * ? * +MON *',
    '60/7 * * * ? *',
    '? * * * * *',
    '* * ? * 2#6 *',
    '* * * 13 ? *',
    '* * * * ? 1969',
    '* * * * ?',
    '5-1 * * * ? *',
    '0/30 20-2 ? * MON *',
    '*/0 * * * ? *',
    '1//2 * * * ? *',
    'x * * * ? *',
  ])('%s is refused', (fields) => {
    expect(readSchedule(`cron(${fields})`, 0)).toBeUndefined();
  });
});

describe('a rate', () => {
  test.each([
    ['rate(1 minute)', ['2026-01-01T00:01', '2026-01-01T00:02']],
    ['rate(5 minutes)', ['2026-01-01T00:05', '2026-01-01T00:10']],
    ['rate(12 hours)', ['2026-01-01T12:00', '2026-01-02T00:00']],
    ['rate(1 day)', ['2026-01-02T00:00', '2026-01-03T00:00']],
  ])('%s counts from when it was put', (expression, expected) => {
    expect(times(expression, '2026-01-01T00:00:30Z', expected.length)).toEqual(expected);
  });

  test.each(['rate(0 minutes)', 'rate(1 minutes)', 'rate(2 hour)', 'rate(5)', 'rate(1 second)'])(
    '%s is refused',
    (expression) => expect(readSchedule(expression, 0)).toBeUndefined(),
  );
});

test('whatever an expression is, the next time is later and stays the same until it has come', () => {
  const part = fc.constantFrom(
    '*',
    '?',
    '1',
    '0/7',
    '5-20',
    '1,2',
    'L',
    '15W',
    '2#1',
    'MON',
    'x',
    '9L',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 5, maxLength: 7 }), fc.nat(4e9), (parts, seconds) => {
      const schedule = readSchedule(`cron(${parts.join(' ')})`, 0);
      const now = seconds * 1000;
      const next = schedule?.next(now);
      if (next === undefined) {
        return;
      }
      expect(next).toBeGreaterThan(now);
      expect(schedule?.next(next - 1)).toBe(next);
    }),
    { numRuns: 1000 },
  );
});

describe('a scheduled rule', () => {
  const put = (bench: ReturnType<typeof newBench>, ScheduleExpression: string) =>
    bench.call('PutRule', { Name: 'r', ScheduleExpression });
  const withTarget = async (ScheduleExpression: string) => {
    const bench = newBench();
    await put(bench, ScheduleExpression);
    await bench.call('PutTargets', { Rule: 'r', Targets: [{ Id: 't', Arn: queueArn('q') }] });
    return bench;
  };

  test('sends its event to its own targets at each of its times', async () => {
    const bench = await withTarget('rate(1 hour)');
    await bench.rule('others', { source: ['aws.events'] }, { Arn: queueArn('others') });
    await bench.clock.advance(3 * hourMs);
    const events = bench.targets.bodies('q').map((body) => JSON.parse(body));
    expect(events.map(({ time }) => time)).toEqual([
      '2026-01-01T01:00:00Z',
      '2026-01-01T02:00:00Z',
      '2026-01-01T03:00:00Z',
    ]);
    expect(events[0]).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [ruleArn('r')],
      detail: {},
    });
    expect(bench.targets.bodies('others')).toEqual([]);
  });

  test('keeps its starting time when it is put again unchanged, and after a restart', async () => {
    const bench = await withTarget('rate(1 hour)');
    await bench.clock.advance(40 * minuteMs);
    await put(bench, 'rate(1 hour)');
    const again = bench.restart();
    await again.clock.advance(20 * minuteMs);
    expect(again.targets.bodies('q')).toHaveLength(1);
  });

  test('is not triggered while it is disabled or after it is deleted', async () => {
    const bench = await withTarget('cron(0 * * * ? *)');
    await bench.call('DisableRule', { Name: 'r' });
    await bench.clock.advance(hourMs);
    await bench.call('EnableRule', { Name: 'r' });
    await bench.clock.advance(hourMs);
    await bench.call('RemoveTargets', { Rule: 'r', Ids: ['t'] });
    await bench.call('DeleteRule', { Name: 'r' });
    await bench.clock.advance(hourMs);
    expect(bench.targets.bodies('q')).toHaveLength(1);
  });

  test('is for the default bus only', async () => {
    const { call } = newBench();
    await call('CreateEventBus', { Name: 'b' });
    const rule = { Name: 'r', EventBusName: 'b', ScheduleExpression: 'rate(1 day)' };
    expect((await refusal(call('PutRule', rule))).message).toBe(
      'ScheduleExpression is supported only on the default event bus.',
    );
  });
});
