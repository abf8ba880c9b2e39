import {
  type CompiledPattern,
  compilePattern,
  explainMatch,
  type LeafFailure,
} from '@event-fanout/event-pattern';
import type { Pipeline } from '../../../ops/aws/pipeline.ts';

/** What a rule makes of an event. */
export interface RuleVerdict {
  readonly rule: string;
  readonly description: string | undefined;
  readonly matches: boolean;
  /** Why not: the fields that the event does not satisfy, on the way that came nearest. */
  readonly failures: readonly LeafFailure[];
  /** Why this cannot be said: a schedule, a disabled rule, a pattern that is none. */
  readonly unknown?: string;
}

const compiled = new Map<string, CompiledPattern>();
const mostCompiled = 500;
const longestValue = 300;

/** Matches an event, given as JSON, with each rule of the stack's buses: the nearest misses first. */
export function explainRules(text: string, { rules }: Pipeline): readonly RuleVerdict[] {
  return rules
    .filter(({ name }) => !name.startsWith('Events-Archive-'))
    .map(({ name, description, pattern, isEnabled }): RuleVerdict => {
      const known = { rule: name, description, matches: false, failures: [] };
      if (pattern === undefined) return { ...known, unknown: 'It runs by schedule.' };
      if (!isEnabled) return { ...known, unknown: 'It is disabled.' };
      try {
        const { matches, failures } = explainMatch(compile(pattern), text);
        return { ...known, matches, failures: failures.map(shorten) };
      } catch (error) {
        return { ...known, unknown: (error as Error).message };
      }
    })
    .sort((a, b) => Number(b.matches) - Number(a.matches) || a.failures.length - b.failures.length);
}

function compile(pattern: string): CompiledPattern {
  const known = compiled.get(pattern) ?? compilePattern(pattern);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(pattern, known);
  return known;
}

/** A leaf may demand thousands of names, and see a text of a megabyte. */
export function shorten({ path, demanded, saw, reason }: LeafFailure): LeafFailure {
  const cut = (text: string) =>
    text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  return { path, demanded: cut(demanded), saw: saw.slice(0, 20).map(cut), reason };
}
