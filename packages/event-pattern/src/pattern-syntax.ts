import { InvalidEventPattern } from './invalid-event-pattern.ts';
import type { PatternJson, PatternMember } from './pattern-json.ts';

/** Refuses the pattern for a reason, at an offset of its text. */
export interface Fail {
  (reason: string, offset: number): never;
  /** Runs `read`; what it throws refuses the pattern for the same reason. */
  from<T>(read: () => T, offset: number): T;
}

export function failIn(text: string): Fail {
  const fail = (reason: string, offset: number): never => {
    throw new InvalidEventPattern(reason, { text, offset });
  };
  const from = <T>(read: () => T, offset: number): T => {
    try {
      return read();
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error), offset);
    }
  };
  return Object.assign(fail, { from });
}

/** The one member that an operator's object may have. */
export function onlyMember(json: PatternJson, ifNone: string, fail: Fail): PatternMember {
  const [first, second] = json.kind === 'object' ? json.members : [];
  if (!first) return fail(ifNone, json.end);
  if (second) return fail('Only one key allowed in match expression', second.nameEnd);
  return first;
}

export function readString(json: PatternJson, otherwise: string, fail: Fail): string {
  return json.kind === 'string' ? json.text : fail(otherwise, json.end);
}
