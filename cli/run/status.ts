import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { AwsAccess, ConnectionOptions } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import { shortName } from '../../ops/aws/pipeline.ts';
import { quickChecks } from '../../ops/checks/check-pipeline.ts';
import { exitStatusOf, type Facts, type Finding } from '../../ops/checks/finding.ts';
import { formatAge } from '../../ops/duration.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { defaultDataFolder } from '../../ops/run-file.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { showStep } from '../terminal/progress.ts';
import { formatTable, wrap } from '../terminal/table.ts';
import { openAccess } from '../terminal/with-pipeline.ts';

interface StatusOptions extends ConnectionOptions {
  /** Milliseconds. */
  readonly maxAge: number;
  readonly url?: string;
  /** Milliseconds; true for the default interval. */
  readonly watch?: number | true;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Default interval of `--watch`, in milliseconds. */
const defaultPauseMs = 5_000;

const clearScreen = '\u001b[2J\u001b[H';

/** `fanout status`: checks everything, prints the problems, and sets the exit status. */
export async function status(options: StatusOptions): Promise<void> {
  const access = openAccess(options);
  try {
    if (options.watch === undefined) {
      await look(access, options);
    } else {
      await watch(access, options, options.watch === true ? defaultPauseMs : options.watch);
    }
  } finally {
    access.close();
  }
}

async function watch(access: AwsAccess, options: StatusOptions, pauseMs: number): Promise<void> {
  const interruption = listenForInterruption();
  try {
    while (!interruption.signal.aborted) {
      await look(access, options, process.stdout.isTTY ? clearScreen : '');
      await sleep(pauseMs, undefined, { signal: interruption.signal }).catch(() => {});
    }
    process.exitCode = exitStatus.interrupted;
  } finally {
    interruption.release();
  }
}

async function look(access: AwsAccess, options: StatusOptions, before = ''): Promise<void> {
  const data = access.run && (options.data ?? defaultDataFolder);
  const settings = { maxAgeMs: options.maxAge, url: options.url, data };
  try {
    const { pipeline, findings } = await showStep('Checking', async () => {
      const found = await findPipeline(access);
      return { pipeline: found, findings: await quickChecks(access, found, settings) };
    });
    const found = statusOf(pipeline.stackName, findings);
    const at = new Date().toISOString();
    console.log(
      options.json
        ? printableJson({ at, ...found })
        : `${before}${formatStatus(found, options.all ?? false)}`,
    );
    process.exitCode = exitStatusOf(findings);
  } catch (error) {
    // A program must be able to distinguish "degraded" from "could not be checked".
    const { message } = explainError(error, access.clientSettings);
    if (options.json) {
      console.log(printableJson({ result: 'unknown', error: message, checks: [] }));
    } else {
      console.error(`fanout: ${message}`);
    }
    process.exitCode = exitStatusOf([{ level: 'unknown' }]);
  }
}

/** Healthy, degraded, or could not be checked. */
export type Health = 'ok' | 'degraded' | 'unknown';

/** One checked item, as `fanout status --json` prints it. */
export interface Check {
  readonly area: string;
  readonly name: string;
  readonly result: Health;
  /** What is wrong and what to do, one sentence for each; empty when all is well. */
  readonly problems: readonly string[];
  readonly facts: Facts;
}

/** What `fanout status` prints. */
export interface Status {
  readonly stack: string;
  readonly result: Health;
  readonly checks: readonly Check[];
}

const results = { 0: 'ok', 1: 'degraded', 3: 'unknown' } as const;

/** The result of several findings: degraded if one is, else unknown if one is. */
export const resultOf = (findings: readonly Pick<Finding, 'level'>[]): Health =>
  results[exitStatusOf(findings)];

/** Groups findings by the item that they are about. */
export function statusOf(stack: string, findings: readonly Finding[]): Status {
  const things = Map.groupBy(findings, ({ about, name }) => JSON.stringify([about, name]));
  const checks = [...things.values()].flatMap((found): readonly Check[] => {
    const [first] = found;
    if (!first) {
      return [];
    }
    const problems = found
      .filter(({ level }) => level !== 'ok')
      .map(({ level, what }) => (level === 'unknown' ? `It cannot be checked: ${what}` : what));
    const { about: area, name = '', facts = {} } = first;
    return [{ area, name, result: resultOf(found), problems, facts }];
  });
  return { stack, result: resultOf(findings), checks };
}

const colour: Readonly<Record<Health, 'green' | 'red' | 'yellow'>> = {
  ok: 'green',
  degraded: 'red',
  unknown: 'yellow',
};

/**
 * A status for people: one line for each item, then the problems and what to do. Empty failure queues are
 * shown only with `all`.
 */
function formatStatus({ stack, result, checks }: Status, all: boolean): string {
  const of = (area: string) => checks.filter((check) => check.area === area);
  const wrong = checks.filter((check) => check.result !== 'ok');
  const tables: readonly TableOf[] = [
    { header: ['endpoint', 'answer', 'ms'], checks: of('endpoint'), facts: ['status', 'ms'] },
    { header: ['bus', 'rules'], checks: of('bus'), facts: ['rules'] },
    {
      header: ['consumer', 'waiting', 'in flight', 'oldest', 'dead letters'],
      checks: of('consumer').filter(({ facts }) => facts.waiting !== undefined),
      facts: ['waiting', 'inFlight', 'oldestSeconds', 'deadLetters'],
    },
    {
      header: ['failure queue', 'messages'],
      checks: of('failure queue').filter(({ result: ends }) => all || ends !== 'ok'),
      facts: ['holds'],
    },
    { header: ['session', 'status', 'since'], checks: of('session'), facts: ['status', 'since'] },
  ];
  return [
    ...tables.map((each) => formatChecks(each, stack)),
    wrong.map((check) => reportOf(check, stack)).join('\n'),
    `${stack}: ${styleText(colour[result], inWords(result, checks.length))}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

interface TableOf {
  readonly header: readonly string[];
  readonly checks: readonly Check[];
  readonly facts: readonly string[];
}

function formatChecks({ header, checks, facts }: TableOf, stack: string): string {
  if (checks.length === 0) {
    return '';
  }
  const rows = checks.map(({ name, result, facts: seen }) => [
    result,
    printable(shortName(name, stack), 60),
    ...facts.map((fact) => cellOf(fact, seen[fact])),
  ]);
  return formatTable(['', ...header], rows);
}

function cellOf(fact: string, value: Check['facts'][string]): string | number {
  if (value === undefined) {
    return '-';
  }
  if (fact === 'oldestSeconds') {
    return formatAge(Number(value) * 1_000);
  }
  return typeof value === 'number' ? value : printable(String(value), 60);
}

const reportOf = ({ area, name, result, problems }: Check, stack: string) =>
  problems
    .map((problem) => {
      const line = `${result}  ${area} ${shortName(name, stack)}: ${problem}`;
      return wrap(printable(line, 300), result.length + 2).replace(result, (word) =>
        styleText(colour[result], word),
      );
    })
    .join('\n');

const inWords = (result: Health, checks: number) =>
  ({ ok: `all ${checks} checks passed`, degraded: 'degraded', unknown: 'unknown' })[result];
