import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compilePattern } from '../src/compile-pattern.ts';
import { explainMatch, matches } from '../src/match-pattern.ts';
import { InvalidEventPattern } from '../src/pattern-json.ts';
import { RuleIndex } from '../src/rule-index.ts';

interface Case {
  readonly id: string;
  readonly pattern: string | object;
  readonly event: string | object;
  readonly expected: boolean | 'invalid';
}

const folder = new URL('../../../../shared/eventbridge-patterns/', import.meta.url);
const suites = [
  { file: 'aws-validated.ndjson', what: 'cases validated against AWS', count: 161 },
  { file: 'event-ruler-recorded.ndjson', what: "cases recorded from AWS's own engine", count: 903 },
];

describe('event patterns agree with AWS', () => {
  for (const { file, what, count } of suites) {
    const url = new URL(file, folder);
    if (!existsSync(url)) {
      test.skip(`${what}: ${file} is not there, so only this project's own cases ran`, () => {});
      continue;
    }
    const cases = readFileSync(url, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case);

    test(`${count} of ${count} ${what}`, () => {
      const wrong = cases.filter((entry) => outcome(entry) !== entry.expected);
      expect(wrong.map(({ id }) => id)).toEqual([]);
      expect(cases).toHaveLength(count);
      process.stdout.write(`patterns: ${cases.length}/${count} ${what}\n`);
    });

    test(`the rule index answers as a single pattern does on ${what}`, () => {
      for (const entry of cases.filter(({ expected }) => expected !== 'invalid')) {
        const index = new RuleIndex<string>();
        index.add('other', compilePattern({ nowhere: ['nothing'] }));
        index.add(entry.id, compilePattern(entry.pattern));
        expect(index.matching(entry.event)).toEqual(entry.expected ? [entry.id] : []);
      }
    });

    test(`an explanation agrees with the match and names a field on ${what}`, () => {
      for (const entry of cases.filter(({ expected }) => expected !== 'invalid')) {
        const { matches: does, failures } = explainMatch(
          compilePattern(entry.pattern),
          entry.event,
        );
        expect(does).toBe(entry.expected);
        expect(failures.length > 0).toBe(!does);
      }
    });
  }
});

function outcome({ pattern, event }: Case): boolean | 'invalid' {
  try {
    return matches(compilePattern(pattern), event);
  } catch (error) {
    if (error instanceof InvalidEventPattern) {
      return 'invalid';
    }
    throw error;
  }
}
