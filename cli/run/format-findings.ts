import { styleText } from 'node:util';
import type { Finding, Level } from '../../ops/checks/finding.ts';
import { printable } from '../../ops/printable.ts';

const colour: Readonly<Record<Level, 'green' | 'cyan' | 'yellow' | 'red'>> = {
  ok: 'green',
  note: 'cyan',
  warning: 'yellow',
  error: 'red',
  unknown: 'yellow',
};

/** Findings for people: what is, why it matters, what to do. */
export function formatFindings(findings: readonly Finding[]): string {
  const labelOf = ({ about, name }: Finding) =>
    printable(name === undefined ? about : `${about} ${name}`, 60);
  const width = Math.max(...findings.map((finding) => labelOf(finding).length));
  return findings
    .flatMap((finding) => {
      const { level, what, why, todo } = finding;
      return [
        `${styleText(colour[level], level.padEnd(7))}  ${labelOf(finding).padEnd(width)}  ${printable(what, 400)}`,
        ...[why && `why: ${why}`, todo && `do:  ${todo}`]
          .filter(Boolean)
          .map((line) => `${' '.repeat(11 + width)}${line}`),
      ];
    })
    .join('\n');
}
