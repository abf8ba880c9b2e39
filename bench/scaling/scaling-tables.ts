import { defaultLimits, type Limits, quotas, raised } from './quotas.ts';
import { type Outcome, simulate } from './simulate.ts';

const rates = [10, 100, 1_000, 10_000, 100_000];
const ten = 600;
const day = 86_400;

/** People sleep: from a fifth of the mean at night to nearly twice of it by day. */
const daily = (mean: number) => (second: number) =>
  mean * (1 - 0.8 * Math.cos((second / day) * 2 * Math.PI));

/** A hundred a second, and for one minute `peak`. */
const burst = (peak: number) => (second: number) => (second >= 60 && second < 120 ? peak : 100);

/** The tables of docs/scaling.md, by the name in their markers. */
export const scalingTables = (): Readonly<Record<string, string>> => ({
  steady: table('ten minutes at', [
    ...rates
      .slice(0, 4)
      .map((rate) => row(`${amount(rate)}/s, as it comes`, () => rate, ten, defaultLimits)),
    ...rates
      .slice(2)
      .map((rate) => row(`${amount(rate)}/s, throttle at the quota`, () => rate, ten, quotas)),
    ...rates
      .slice(3)
      .map((rate) => row(`${amount(rate)}/s, quotas raised 20 times`, () => rate, ten, raised(20))),
    row('10,000/s in each of ten cells, quotas doubled', () => 10_000, ten, raised(2)),
  ]),
  burst: table('100/s, and for a minute', [
    ...[1_000, 5_000].map((peak) =>
      row(`${amount(peak)}/s, as it comes`, burst(peak), ten, defaultLimits),
    ),
    ...[5_000, 8_000].map((peak) =>
      row(`${amount(peak)}/s, throttle at the quota`, burst(peak), ten, quotas),
    ),
  ]),
  day: table('a day with a mean of', [
    row('100/s, as it comes', daily(100), day, defaultLimits),
    row('1,000/s, throttle at the quota', daily(1_000), day, quotas),
    row('5,000/s, throttle at the quota', daily(5_000), day, quotas),
  ]),
});

const amount = (value: number) => Math.round(value).toLocaleString('en-US');

const row = (name: string, rateAt: (second: number) => number, seconds: number, limits: Limits) =>
  [name, simulate(rateAt, seconds, limits)] as const;

function table(title: string, rows: readonly (readonly [string, Outcome])[]): string {
  const header = [
    title,
    'sent',
    'refused, told again',
    'given up by the sender',
    'spilled at most',
    'in the queue at most',
    'longest wait',
    'function instances',
  ];
  const lines = rows.map(([name, outcome]) => [
    name,
    amount(outcome.sent),
    amount(outcome.refused),
    amount(outcome.lost),
    amount(outcome.mostSpilled + outcome.mostUndelivered),
    amount(outcome.mostQueued),
    `${outcome.longestWait.toFixed(1)} s`,
    amount(Math.ceil(outcome.mostInstances)),
  ]);
  return [header, header.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
