import { errorCode, explainError } from '../aws/explain-error.ts';

/**
 * Severity of a finding: no problem (`ok`), information (`note`), a future problem (`warning`), a
 * present problem (`error`), or the check could not run (`unknown`).
 */
export type Level = 'ok' | 'note' | 'warning' | 'error' | 'unknown';

/** What a check has found. Nothing secret, nothing personal. */
export interface Finding {
  readonly level: Level;
  /** What was checked, in a word or two. */
  readonly about: string;
  /** Name of the checked resource, if there are several. */
  readonly name?: string;
  /** What was found; empty for one of several resources that has no problem. */
  readonly what: string;
  /** Why it matters. */
  readonly why?: string;
  /** What to do. */
  readonly todo?: string;
  /** Details of one of several resources. */
  readonly facts?: Facts;
}

/** Details by name. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Exit status of `status` and `doctor`: 1 when something is wrong, 3 when a check could not run. */
export function exitStatusOf(findings: readonly Pick<Finding, 'level'>[]): 0 | 1 | 3 {
  const levels = new Set(findings.map(({ level }) => level));
  if (levels.has('error') || levels.has('warning')) {
    return 1;
  }
  return levels.has('unknown') ? 3 : 0;
}

/** Findings on one resource: an error for each problem (a sentence), or one `ok`. */
export function findingsOn(
  about: string,
  name: string,
  problems: readonly string[],
  facts: Facts,
): readonly Finding[] {
  if (problems.length === 0) {
    return [{ level: 'ok', about, name, what: '', facts }];
  }
  return problems.map((what) => ({ level: 'error', about, name, what, facts }));
}

/** Of an error that Node.js printed, only what was thrown, without the source and the frames. */
function inOneLine(message: string): string {
  const [head = ''] = message.split('\n', 1);
  const [, thrown] = /^\w*Error: ([\s\S]*?)(?:\n +at |(?![\s\S]))/m.exec(message) ?? [];
  return (thrown === undefined ? message : `${head} ${thrown}`).replace(/\s+/g, ' ').trim();
}

/** Runs a check. A check that throws results in one `unknown` finding; the others still run. */
export async function attempt(
  about: string,
  check: () => Promise<readonly Finding[]>,
  name?: string,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    const what = inOneLine(explainError(error).message);
    return [{ level: 'unknown', about, name, what, facts: { error: errorCode(error) } }];
  }
}

/**
 * How long an event may wait for a function, in milliseconds. Redeliveries with increasing delays take up to
 * ten minutes before an event becomes a dead-letter message; an event that waits longer is not being
 * processed.
 */
export const defaultMaxAgeMs = 15 * 60_000;
