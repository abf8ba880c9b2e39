import { styleText } from 'node:util';
import { exitStatusOf, type Facts, type Finding } from '../../ops/checks/finding.ts';
import { formatAge } from '../../ops/duration.ts';
import { printable } from '../../ops/printable.ts';
import { formatTable } from '../terminal/table.ts';

/** Well, not well, or it could not be looked at. */
export type Verdict = 'ok' | 'degraded' | 'unknown';

/** What `fanout status --json` prints of one thing. */
export interface Check {
  readonly area: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** What is wrong and what to do, one sentence for each; empty when all is well. */
  readonly problems: readonly string[];
  readonly facts: Facts;
}

/** What `fanout status` prints. */
export interface Status {
  readonly stack: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
}

const verdicts = { 0: 'ok', 1: 'degraded', 3: 'unknown' } as const;

/** The verdict on several findings: degraded where one is wrong, else unknown where one is. */
export const verdictOf = (findings: readonly Pick<Finding, 'level'>[]): Verdict =>
  verdicts[exitStatusOf(findings)];

/** Findings by the thing that they are about. */
export function statusOf(stack: string, findings: readonly Finding[]): Status {
  const things = Map.groupBy(findings, ({ about, name }) => JSON.stringify([about, name]));
  const checks = [...things.values()].flatMap((found): readonly Check[] => {
    const [first] = found;
    if (!first) return [];
    const problems = found
      .filter(({ level }) => level !== 'ok')
      .map(({ level, what }) => (level === 'unknown' ? `It cannot be looked at: ${what}` : what));
    const { about: area, name = '', facts = {} } = first;
    return [{ area, name, verdict: verdictOf(found), problems, facts }];
  });
  return { stack, verdict: verdictOf(findings), checks };
}

const colour: Readonly<Record<Verdict, 'green' | 'red' | 'yellow'>> = {
  ok: 'green',
  degraded: 'red',
  unknown: 'yellow',
};

/** A status for people: each thing in a line, and at the end what is wrong and what to do. */
export function formatStatus({ stack, verdict, checks }: Status): string {
  const of = (area: string) => checks.filter((check) => check.area === area);
  const wrong = checks.filter((check) => check.verdict !== 'ok');
  return [
    table(['front door', 'answer', 'ms'], of('front door'), ['status', 'ms']),
    table(['bus', 'rules'], of('bus'), ['rules']),
    table(
      ['consumer', 'waiting', 'in flight', 'oldest', 'dead letters', 'function'],
      of('consumer').filter(({ facts }) => facts.waiting !== undefined),
      ['waiting', 'inFlight', 'oldestSeconds', 'deadLetters', 'function'],
    ),
    table(['end queue', 'holds'], of('end queue'), ['holds']),
    table(['session', 'status', 'since'], of('session'), ['status', 'since']),
    wrong.map(tellOf).join('\n'),
    `${stack}: ${styleText(colour[verdict], inWords(verdict, checks.length))}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function table(header: readonly string[], checks: readonly Check[], facts: readonly string[]) {
  if (checks.length === 0) return '';
  const rows = checks.map(({ name, verdict, facts: seen }) => [
    verdict,
    printable(name, 60),
    ...facts.map((fact) => cellOf(fact, seen[fact])),
  ]);
  return formatTable(['', ...header], rows);
}

function cellOf(fact: string, value: Check['facts'][string]): string | number {
  if (value === undefined) return '-';
  if (fact === 'oldestSeconds') return formatAge(Number(value) * 1_000);
  return typeof value === 'number' ? value : printable(String(value), 60);
}

const tellOf = ({ area, name, verdict, problems }: Check) =>
  problems
    .map((problem) =>
      printable(`${verdict}  ${area} ${name}: ${problem}`, 300).replace(verdict, (word) =>
        styleText(colour[verdict], word),
      ),
    )
    .join('\n');

const inWords = (verdict: Verdict, checks: number) =>
  ({ ok: `all ${checks} checks are well`, degraded: 'degraded', unknown: 'cannot be told' })[
    verdict
  ];
