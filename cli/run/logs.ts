import { join } from 'node:path';
import type { Command } from 'commander';
import { describeUnknownName } from '../../events/nearest-name.ts';
import {
  type AwsAccess,
  type ConnectionOptions,
  connect,
  inParallel,
} from '../../ops/aws/connect.ts';
import { findOnlyStack, listResources } from '../../ops/aws/find-pipeline.ts';
import { startCommand } from '../../ops/command-name.ts';
import {
  functionsWithLogs,
  type LoggedLine,
  type LogQuery,
  readLogFiles,
  readLogGroup,
} from '../../ops/logs.ts';
import { printable } from '../../ops/printable.ts';
import { defaultDataFolder, readRunFile } from '../../ops/run-file.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { isProblem, shortenLogLine } from '../terminal/log-line.ts';
import { showStep } from '../terminal/progress.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

interface LogsOptions extends ConnectionOptions {
  readonly follow?: boolean;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly errors?: boolean;
  readonly json?: boolean;
}

/** Default of `--since`: how far back to read, in milliseconds. */
const defaultSpanMs = 3_600_000;

/** `fanout logs`: the log of a consumer's function, from the local run's files or CloudWatch Logs. */
export async function logs(
  consumer: string,
  options: LogsOptions,
  command: Command,
): Promise<void> {
  const { stack, stage, endpoint } = options;
  if ([stack, stage, endpoint].some((each) => each !== undefined)) {
    await withAccess(options, (access) =>
      printLog(consumer, options, command, {
        functions: () => functionsOf(access),
        none: 'The stack has no functions.',
        read: (functionName, query) => readLogGroup(access, functionName, query),
      }),
    );
    return;
  }
  // The files remain after the run has ended.
  const data = options.data ?? defaultDataFolder;
  const folder = join(data, 'logs');
  await printLog(consumer, options, command, {
    functions: async () => [
      ...new Set([...functionsWithLogs(folder), ...(await runningFunctions(data))]),
    ],
    hasLogged: (functionName) => functionsWithLogs(folder).includes(functionName),
    none: `There is no log in ${folder}. The local run writes it there, except with --memory: ${startCommand()}.`,
    read: (functionName, query) => readLogFiles(folder, functionName, query),
  });
}

/** Where logs are. */
interface LogSource {
  functions(): Promise<readonly string[]>;
  /** The message if there are none. */
  readonly none: string;
  /** Whether a function has ever logged anything. @default - not known */
  hasLogged?(functionName: string): boolean;
  read(functionName: string, query: LogQuery): AsyncIterable<LoggedLine>;
}

async function printLog(
  consumer: string,
  options: LogsOptions,
  command: Command,
  source: LogSource,
): Promise<void> {
  const functions = await showStep('Looking for the function', () => source.functions());
  if (functions.length === 0) {
    throw new Error(source.none);
  }
  const functionName = choose(functions, consumer, command);
  const interruption = listenForInterruption();
  const query: LogQuery = {
    since: options.since ?? Date.now() - defaultSpanMs,
    follow: options.follow ?? false,
    signal: interruption.signal,
  };
  let isEmpty = true;
  let metrics = 0;
  for await (const line of source.read(functionName, query)) {
    metrics += Number(isMetric(line.text));
    const text = format(line, options);
    if (text !== undefined) {
      isEmpty = false;
      console.log(text);
    }
  }
  interruption.release();
  if (isEmpty && !options.json && !options.follow) {
    console.error(
      source.hasLogged?.(functionName) === false
        ? `${printable(consumer)} has logged nothing yet.`
        : `${nothingShown(options, metrics)} Read further back with --since.`,
    );
  }
  if (interruption.signal.aborted) {
    process.exitCode = exitStatus.interrupted;
  }
}

function nothingShown({ errors }: LogsOptions, metrics: number): string {
  if (errors) {
    return 'No warning and no error was logged in that time.';
  }
  return metrics === 0
    ? 'Nothing was logged in that time.'
    : `No messages were logged in that time, only ${metrics} ${metrics === 1 ? 'metric' : 'metrics'} (--json).`;
}

/** The functions of a local run, which may have logged nothing yet; none if it does not run or answer. */
async function runningFunctions(data: string): Promise<readonly string[]> {
  const run = readRunFile(data);
  if (!run) {
    return [];
  }
  const access = connect({ data });
  try {
    const found = await inParallel(run.stacks, (stack) => functionsOfStack(access, stack));
    return found.flat();
  } catch {
    // Its log files can be read without it.
    return [];
  } finally {
    access.close();
  }
}

const functionsOf = async (access: AwsAccess) =>
  functionsOfStack(access, access.stack ?? (await findOnlyStack(access)));

async function functionsOfStack(access: AwsAccess, stack: string): Promise<readonly string[]> {
  const resources = await listResources(access, stack);
  return resources
    .filter(({ ResourceType }) => ResourceType === 'AWS::Lambda::Function')
    .flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []);
}

/** The function of a consumer: `whatsapp-<stage>-<consumer>`, or one with exactly this name. */
function choose(functions: readonly string[], consumer: string, command: Command): string {
  const short = (name: string) => name.replace(/^whatsapp-[a-z0-9]+-/, '');
  const found =
    functions.find((name) => name === consumer) ??
    functions.find((name) => short(name) === consumer) ??
    functions.find((name) => name.endsWith(`-${consumer}`));
  if (found !== undefined) {
    return found;
  }
  const known = functions.map(short);
  return command.error(
    `error: ${describeUnknownName('function', printable(consumer), known)} A queue without a function has no log.`,
  );
}

/** Metrics, which only programs read. */
const isMetric = (text: string) => text.includes('"_aws"');

function format({ at, text }: LoggedLine, { json, errors }: LogsOptions): string | undefined {
  if (errors && !isProblem(text)) {
    return undefined;
  }
  if (json) {
    return printable(text, Number.POSITIVE_INFINITY);
  }
  if (isMetric(text)) {
    return undefined;
  }
  const time = at === undefined ? ' '.repeat(8) : new Date(at).toISOString().slice(11, 19);
  return shortenLogLine(text)
    .split(/[\n\r]/)
    .map(
      (line, index) =>
        `${index === 0 ? time : ' '.repeat(8)}  ${printable(line.replaceAll('\t', '  '), 10_000)}`,
    )
    .join('\n');
}
