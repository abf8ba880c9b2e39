import * as v from 'valibot';
import { safeName } from './drift.ts';
import { jsonTypeOf } from './json-type.ts';
import { maxIssues } from './unrecognized.ts';

/** One place that does not fit; see `unrecognizedData`. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/**
 * Above this size only the first issue is looked for: a schema makes an object of each, and a list of a
 * million wrong items would make a million.
 */
const maxForAllLength = 100_000;

/** Which places of a payload do not fit, by path and types; never by value. */
export function describeIssues(
  schema: v.GenericSchema,
  input: unknown,
  textLength: number,
): readonly Issue[] {
  const { issues } = v.safeParse(schema, input, { abortEarly: textLength > maxForAllLength });
  return (issues ?? []).slice(0, maxIssues).map((issue) => ({
    path: pathOf(issue),
    expected: (issue.expected ?? 'another value').slice(0, 200),
    received: jsonTypeOf(issue.input),
  }));
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const steps = issue.path?.map(({ key }) =>
    typeof key === 'number' ? `[${key}]` : `.${safeName(String(key))}`,
  );
  return (steps ?? []).join('').slice(1);
}
