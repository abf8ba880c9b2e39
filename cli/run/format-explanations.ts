import { styleText } from 'node:util';
import type { LeafFailure } from '@event-fanout/event-pattern';
import { printable } from '../../ops/printable.ts';
import type { RuleExplanation } from '../../ops/rules/explain-rules.ts';

/** Characters of a value, or of a pattern's list, that a line shows. */
const longestValue = 120;

/** What each rule makes of an event, for people: the rules that match, and why not the others. */
export function formatExplanations(
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
      ...each.failures.map((failure) => `            ${describeFailure(failure)}`),
    ]),
    ...(further.length > 0
      ? [`no match  ${further.map(shortTitle).join(', ')}  (--all says why)`]
      : []),
  ].join('\n');
}

const because: Readonly<Record<LeafFailure['reason'], string>> = {
  missing: 'the event has no such field',
  different: '',
  'other-element': 'each fits, but not in the same element of the list',
};

/** One field of a pattern that was not satisfied, with what it wanted and what it saw. */
export function describeFailure({ path, demanded, saw, reason }: LeafFailure): string {
  const seen = saw.map((value) => printable(value, longestValue)).join(', ');
  const why = [seen && `saw ${seen}`, because[reason]].filter(Boolean).join(': ');
  return `${printable(path)}: wants ${printable(demanded, longestValue)}, ${why}`;
}

const shortTitle = ({ rule }: RuleExplanation) => printable(rule.listeners.join(', ') || rule.name);

function titleOf({ rule }: RuleExplanation): string {
  const notes = [rule.name, ...(rule.isEnabled ? [] : ['disabled: nothing comes by it'])];
  const listeners = rule.listeners.join(', ');
  if (listeners === '') return printable(notes.join(', '), 200);
  return printable(`${listeners}  (${notes.join(', ')})`, 200);
}
