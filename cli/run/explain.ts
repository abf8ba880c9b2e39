import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import { InvalidEventPattern, type LeafFailure } from '@event-fanout/event-pattern';
import type { Command } from 'commander';
import { describeUnknownName } from '../../events/nearest-name.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import {
  busTypes,
  exampleSubject,
  readSubject,
  type SubjectForm,
} from '../../ops/rules/read-event.ts';
import { explainRules, type RuleExplanation, type SubscribedRule } from '../../ops/rules/rule.ts';
import { readTextFile } from '../terminal/read-text-file.ts';
import { wrap } from '../terminal/table.ts';
import { findRulesToRead, type RuleSourceOptions } from './rules.ts';

interface ExplainOptions extends RuleSourceOptions {
  readonly pattern?: string;
  readonly as?: SubjectForm;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `fanout explain`: which rules an event matches, and which field fails in the others. */
export async function explain(
  given: string,
  options: ExplainOptions,
  command: Command,
): Promise<void> {
  const event = subjectOf(given, options, command);
  const rules = options.pattern
    ? [ruleOfFile(options.pattern, command)]
    : await findRulesToRead(options);
  const explanations = explainOrRefuse(rules, event, command);
  if (options.json) {
    for (const each of explanations) {
      console.log(printableJson(toRecord(each)));
    }
  } else {
    console.log(formatExplanations(explanations, options));
  }
  if (!explanations.some(({ rule, matches }) => matches && !rule.isCatchAll)) {
    process.exitCode = 1;
  }
}

function subjectOf(given: string, { as, pattern }: ExplainOptions, command: Command): string {
  if (as === undefined && busTypes.includes(given)) {
    return exampleSubject(given);
  }
  if (busTypes.includes(given) && !existsSync(given)) {
    command.error('error: --as is the format of a file: omit it for an event type.');
  }
  if (given !== '-' && !existsSync(given) && !/\.json$|[/\\]/.test(given)) {
    // Looks like a type, not like a file.
    command.error(
      `error: ${describeUnknownName('event type or file', printable(given), busTypes)}`,
    );
  }
  const text = readTextFile(given, command);
  try {
    // With --pattern, the event may be of any source: it is not normalized.
    return readSubject(text, as ?? (pattern === undefined ? undefined : 'event'));
  } catch (error) {
    return command.error(`error: ${given} is not JSON: ${(error as Error).message}`);
  }
}

function ruleOfFile(file: string, command: Command): SubscribedRule {
  const pattern = readTextFile(file, command);
  return { name: file, pattern, listeners: [], isEnabled: true, isCatchAll: false };
}

function explainOrRefuse(
  rules: readonly SubscribedRule[],
  event: string,
  command: Command,
): readonly RuleExplanation[] {
  try {
    return explainRules(rules, event);
  } catch (error) {
    if (error instanceof InvalidEventPattern || error instanceof RangeError) {
      return command.error(`error: ${error.message}`);
    }
    throw error;
  }
}

const toRecord = ({ rule, matches, failures }: RuleExplanation) => ({
  rule: rule.name,
  listeners: rule.listeners,
  enabled: rule.isEnabled,
  catchAll: rule.isCatchAll,
  matches,
  failures,
});

/** Maximum length of a value, or of a pattern's list, in a line. */
const maxValueLength = 120;

/** The result of each rule, for people: the rules that match, and why the others do not. */
function formatExplanations(
  explanations: readonly RuleExplanation[],
  { all = false }: { readonly all?: boolean } = {},
): string {
  const matching = explanations.filter(({ matches }) => matches);
  const others = explanations.filter(({ matches }) => !matches);
  const inFull = all ? others : others.slice(0, 1);
  const further = others.slice(inFull.length);
  return [
    ...matching.map((each) => `${styleText('green', 'match')}     ${titleOf(each)}`),
    ...(matching.length === 0 ? [styleText('yellow', 'No rule matches.')] : []),
    ...inFull.flatMap((each, index) => [
      `${styleText('yellow', 'no match')}  ${titleOf(each)}${index === 0 && others.length > 1 ? ', the nearest of those that do not match' : ''}`,
      ...each.failures.map((failure) => wrap(`            ${describeFailure(failure)}`, 14)),
    ]),
    ...(further.length > 0
      ? [wrap(`no match  ${further.map(shortTitle).join(', ')} (--all says why)`, 10)]
      : []),
  ].join('\n');
}

const because: Readonly<Record<LeafFailure['reason'], string>> = {
  missing: 'the event has no such field',
  different: '',
  'other-element': 'each matches, but not in the same element of the list',
};

/** One field that does not match, with the expected and the actual value. */
function describeFailure({ path, expected, actual, reason }: LeafFailure): string {
  const seen = actual.map((value) => printable(value, maxValueLength)).join(', ');
  const why = [seen && `saw ${seen}`, because[reason]].filter(Boolean).join(': ');
  return `${printable(path)}: wants ${printable(expected, maxValueLength)}, ${why}`;
}

const shortTitle = ({ rule }: RuleExplanation) => printable(rule.listeners.join(', ') || rule.name);

function titleOf({ rule }: RuleExplanation): string {
  const name = rule.listeners.join(', ') || rule.name;
  return printable(rule.isEnabled ? name : `${name}  (disabled: it delivers nothing)`, 200);
}
