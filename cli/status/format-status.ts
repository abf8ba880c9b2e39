import { styleText } from 'node:util';
import type { Check, Verdict } from '../checks/judgement.ts';
import type { Status } from '../checks/quick-checks.ts';
import { formatAge } from '../dlq/format-age.ts';
import { printable } from '../dlq/printable.ts';
import { formatTable } from '../table.ts';

const colour: Readonly<Record<Verdict, 'green' | 'red' | 'yellow'>> = {
  ok: 'green',
  degraded: 'red',
  unknown: 'yellow',
};

/** A status for people: each thing in a line, and at the end what is wrong and what to do. */
export function formatStatus({ stack, verdict, checks }: Status): string {
  const of = (area: Check['area']) => checks.filter((check) => check.area === area);
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
