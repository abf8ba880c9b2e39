import {
  type CompiledPattern,
  compilePattern,
  explainMatch,
  type LeafFailure,
} from '@event-fanout/event-pattern';
import type { Pipeline } from '../../../ops/aws/pipeline.ts';

/** What a rule makes of an event. */
export interface RuleExplanation {
  readonly rule: string;
  readonly description: string | undefined;
  readonly matches: boolean;
  /** Why not: the fields that the event does not satisfy, on the branch that came nearest. */
  readonly failures: readonly LeafFailure[];
  /** Why this cannot be said: a schedule, a disabled rule, a pattern that is none. */
  readonly unknown?: string;
}

const compiled = new Map<string, CompiledPattern>();
const maxCompiled = 500;
const maxValueLength = 300;

/** Matches an event, given as JSON, with each rule of the stack's buses: the nearest misses first. */
export function explainRules(text: string, { rules }: Pipeline): readonly RuleExplanation[] {
  return rules
    .filter(({ name }) => !name.startsWith('Events-Archive-'))
    .map(({ name, description, pattern, isEnabled }): RuleExplanation => {
      const known = { rule: name, description, matches: false, failures: [] };
      if (pattern === undefined) {
        return { ...known, unknown: 'It runs by schedule.' };
      }
      if (!isEnabled) {
        return { ...known, unknown: 'It is disabled.' };
      }
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
  if (compiled.size >= maxCompiled) {
    compiled.clear();
  }
  compiled.set(pattern, known);
  return known;
}

/** A leaf may demand thousands of names, and see a text of a megabyte. */
export function shorten({ path, expected, actual, reason }: LeafFailure): LeafFailure {
  const cut = (text: string) =>
    text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
  return { path, expected: cut(expected), actual: actual.slice(0, 20).map(cut), reason };
}

/** What normalization did with one field. */
export interface Difference {
  /**
   * - `changed`: the same name, another value;
   * - `moved`: the payload has this value under another name;
   * - `added`: the payload has no such value;
   * - `left-out`: no field of the data has this value. It is in `raw` only.
   */
  readonly kind: 'changed' | 'moved' | 'added' | 'left-out';
  /** Where in the data, or for a `left-out` value, in the payload. */
  readonly path: string;
  /** Where in the payload it was, where that is somewhere else. */
  readonly from?: string;
  /** JSON of the value before and after. */
  readonly before?: string;
  readonly after?: string;
}

/** Fields that are compared; a payload of another shape may have ever so many. */
const maxLeaves = 2_000;
const maxJsonLength = 200;

/** Compares the sender's payload with the data that was made of it, field by field. */
export function compareShapes(payload: unknown, data: unknown): readonly Difference[] {
  const before = leavesOf(payload);
  const after = leavesOf(data);
  const placesOf = Map.groupBy(before.keys(), (path) => before.get(path) ?? '');
  const used = new Set<string>();
  const differences: Difference[] = [];
  for (const [path, value] of after) {
    const old = before.get(path);
    const [from] = placesOf.get(value) ?? [];
    if (old === value) {
      used.add(path);
    } else if (from !== undefined && !isTooPlain(value)) {
      used.add(from);
      differences.push({ kind: 'moved', path, from, after: shortenJson(value) });
    } else if (old !== undefined) {
      used.add(path);
      differences.push({
        kind: 'changed',
        path,
        before: shortenJson(old),
        after: shortenJson(value),
      });
    } else {
      differences.push({ kind: 'added', path, after: shortenJson(value) });
    }
  }
  for (const [path, value] of before) {
    if (!used.has(path)) {
      differences.push({ kind: 'left-out', path, before: shortenJson(value) });
    }
  }
  return differences;
}

/** Values that stand in many places by chance. */
const isTooPlain = (json: string) => /^(true|false|null|""|\[\]|\{\}|-?\d)$/.test(json);

const shortenJson = (json: string) =>
  json.length > maxJsonLength ? `${json.slice(0, maxJsonLength)}…` : json;

/** Everything that is no object or list, as JSON by its path. Not by recursion: the depth is untrusted. */
function leavesOf(value: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const open: [string, unknown][] = value === undefined ? [] : [['', value]];
  for (let next = open.pop(); next && leaves.size < maxLeaves; next = open.pop()) {
    const [path, here] = next;
    if (typeof here !== 'object' || here === null || Object.keys(here).length === 0) {
      leaves.set(path, JSON.stringify(here) ?? 'null');
      continue;
    }
    const isList = Array.isArray(here);
    const inner = Object.entries(here).map(([name, each]): [string, unknown] => [
      isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`,
      each,
    ]);
    open.push(...inner.reverse().slice(-maxLeaves));
  }
  return leaves;
}
