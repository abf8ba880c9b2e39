import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { LocalRun } from '@event-fanout/local-aws';
import { Command, InvalidArgumentError } from 'commander';
import type { OpenConsole } from '../console/server/open-console.ts';
import { type LocalSource, localSource } from '../console/server/source/local-source.ts';
import { isLoopback } from '../ops/port.ts';
import { defaultDataFolder, readRunFile, removeRunFile, writeRunFile } from '../ops/run-file.ts';
import { exitStatus } from './exit-status.ts';
import { describeRemaining, describeRun, type Remaining } from './local/describe-run.ts';
import { LogFiles } from './local/log-files.ts';
import { combineObservers, createReporter } from './local/reporter.ts';
import { type ProjectRun, projectRoot, startProject } from './local/start-project.ts';
import { watchProject } from './local/watch-project.ts';
import { requireLocalRunNode } from './published.ts';
import { collectContext, portOption } from './terminal/options.ts';

interface LocalOptions {
  readonly app?: readonly string[];
  readonly context?: Readonly<Record<string, string>>;
  readonly data: string;
  readonly memory?: boolean;
  readonly port: number;
  readonly host: string;
  readonly awsPort: number;
  readonly consolePort?: number;
  readonly console: boolean;
  readonly watch?: boolean;
  readonly timeScale: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** How long what runs may take to end after Ctrl-C. */
const drainMs = 5_000;

/** `fanout dev`: runs the app of this directory until Ctrl-C. */
export function localCommand(): Command {
  return new Command('dev')
    .alias('local')
    .summary('Run the app of this folder on this machine')
    .description('Synthesize the app and run its template on this machine')
    .addOption(portOption('--port <port>', 'webhook endpoint', 'PORT').default(8787))
    .option(
      '--host <address>',
      'address of the webhook endpoint; 0.0.0.0 for containers',
      '127.0.0.1',
    )
    .addOption(portOption('--aws-port <port>', 'AWS endpoint', 'AWS_PORT').default(4566))
    .addOption(
      portOption(
        '--console-port <port>',
        'console (default: 4567, or any free port if it is taken)',
        'CONSOLE_PORT',
      ),
    )
    .option('--no-console', 'do not open the console')
    .option('--data <directory>', 'directory of stored events and state', defaultDataFolder)
    .option('--memory', 'keep data in memory only')
    .option(
      '--app <command>',
      'another CDK app to run beside the pipeline, such as the one with your consumers (repeatable)',
      collect,
    )
    .option(
      '-c, --context <name=value>',
      'CDK context of the apps given with --app (repeatable)',
      collectContext,
    )
    .option('--watch', 'reload when the app or a handler changes')
    .option('--time-scale <n>', 'factor by which the clock runs faster', parseScale, 1)
    .option('--quiet', 'do not print events')
    .option('--json', 'print events as JSON, one object per line')
    .addHelpText(
      'after',
      `
Examples:
  fanout dev
  fanout dev --watch --memory
  fanout dev --time-scale 3600 --json
  fanout dev --app "node examples/slack/app.ts"`,
    )
    .action(runUntilStopped);
}

const collect = (given: string, before: readonly string[] = []) => [...before, given];

function parseScale(given: string): number {
  const scale = Number(given);
  if (scale >= 1 && scale <= 1_000_000) {
    return scale;
  }
  throw new InvalidArgumentError('A time scale is a number from 1 to 1000000.');
}

async function runUntilStopped(options: LocalOptions): Promise<void> {
  const interruption = new AbortController();
  const { signal } = interruption;
  const stopped = once(signal, 'abort');
  for (const each of ['SIGINT', 'SIGTERM'] as const) {
    process.once(each, () => {
      // For a supervisor, which sends SIGTERM, an orderly end is no failure.
      process.exitCode = each === 'SIGINT' ? exitStatus.interrupted : exitStatus.ok;
      interruption.abort();
    });
  }
  const dataFolder = resolve(options.data);
  await requireUsable(options, dataFolder);
  const reporter = createReporter(options);
  if (!isLoopback(options.host)) {
    reporter.print(exposureWarning(options.host));
  }
  const dataDirectory = options.memory ? undefined : dataFolder;
  const files = dataDirectory ? new LogFiles(join(dataDirectory, 'logs')) : undefined;
  const source = options.console ? localSource() : undefined;
  const observers = [reporter.observer, files?.observer ?? {}, source?.observer ?? {}];
  let opened: OpenConsole | undefined;
  let run: ProjectRun;
  try {
    run = await startProject({
      port: options.port,
      host: options.host,
      awsPort: options.awsPort,
      dataDirectory,
      timeScale: options.timeScale,
      apps: options.app ?? [],
      context: options.context ?? {},
      observer: combineObservers(observers),
      print: reporter.print,
      signal,
      consoleUrl: () => opened?.url,
    });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
    reporter.print('Stopped before it was ready.');
    process.exitCode = exitStatus.interrupted;
    return;
  }
  let remaining: Remaining;
  try {
    opened = source && (await openLocalConsole(source, run, options.consolePort));
    writeRunFile(dataFolder, {
      pid: process.pid,
      started: new Date().toISOString(),
      ingress: [...run.ingresses.values()][0],
      awsEndpoint: run.awsEndpoint,
      region: run.region,
      console: opened?.url,
      stacks: run.stacks.map(({ name }) => name),
    });
    for (const note of run.notes) {
      reporter.print(note);
    }
    reporter.ready(run, await describeRun(run, opened?.url), opened?.url);
    const unwatch = options.watch ? watch(run, dataFolder, reporter.print) : () => {};
    await stopped;
    process.once('SIGINT', () => {
      removeRunFile(dataFolder);
      process.exit(exitStatus.interrupted);
    });
    unwatch();
    reporter.print(
      'Stopping: what runs may end, what waits is kept. Ctrl-C again ends it at once.',
    );
    remaining = await describeRemaining(run, dataDirectory !== undefined);
  } finally {
    // Also after an error: a run that reports one must not continue unseen.
    removeRunFile(dataFolder);
    await opened?.close();
    await run.close({ drainMs });
    files?.close();
  }
  reporter.stopped(remaining);
}

/**
 * Checks what a start needs, before anything is built.
 *
 * @throws for an older Node.js, a port that is given twice, a data folder that is in use or cannot be written, and a console port that is taken
 */
async function requireUsable(options: LocalOptions, dataFolder: string): Promise<void> {
  requireLocalRunNode();
  requireDifferentPorts(options);
  requireNoOtherRun(dataFolder, options.data);
  const [{ createDataDirectory }, { requireFreePort }] = await Promise.all([
    import('@event-fanout/local-aws/store'),
    import('@event-fanout/local-aws/listen'),
  ]);
  createDataDirectory(dataFolder);
  if (options.console && options.consolePort !== undefined) {
    await requireFreePort(options.consolePort, '127.0.0.1', 'CONSOLE_PORT');
  }
}

/** @throws InvalidArgumentError when two endpoints on loopback have one port */
function requireDifferentPorts({ port, host, awsPort, consolePort, console }: LocalOptions): void {
  const ports: readonly (readonly [option: string, port: number | undefined])[] = [
    ['--port', isLoopback(host) || /^(0\.0\.0\.0|::)$/.test(host) ? port : undefined],
    ['--aws-port', awsPort],
    ['--console-port', console ? consolePort : undefined],
  ];
  for (const [index, [option, number]] of ports.entries()) {
    const [other] = ports.slice(0, index).find(([, earlier]) => earlier === number) ?? [];
    if (number !== undefined && number !== 0 && other !== undefined) {
      throw new InvalidArgumentError(
        `${other} and ${option} are both ${number}. Choose different ports (0 takes any).`,
      );
    }
  }
}

/** @throws when a run that has not ended listens for this data folder */
function requireNoOtherRun(dataFolder: string, given: string): void {
  const other = readRunFile(dataFolder);
  if (other) {
    throw new Error(
      `${given} is in use by the local run with process id ${other.pid} (${other.ingress ?? other.awsEndpoint}). Stop that one, or choose another directory with --data.`,
    );
  }
}

const exposureWarning = (host: string) =>
  `WARNING: the webhook endpoint listens at ${host}, so others in your network reach it. It accepts only webhooks with a valid signature or secret. The AWS endpoint and the console stay on loopback.`;

/** Default port of the console; any free port if it is taken. */
const defaultPort = 4567;

/**
 * Opens the console of a local run. Without a port the usual one is taken, or any when that is in
 * use: a second run must not fail for its console.
 */
async function openLocalConsole(
  source: LocalSource,
  run: LocalRun,
  port: number | undefined,
): Promise<OpenConsole> {
  // Only a command that runs loads it.
  const { openConsole } = await import('../console/server/open-console.ts');
  const attached = source.attach(run);
  if (port !== undefined) {
    return openConsole({ source: attached, port });
  }
  return openConsole({ source: attached, port: defaultPort }).catch(() =>
    openConsole({ source: attached, port: 0 }),
  );
}

/** Watches the app that runs; the published pipeline never changes. */
function watch(run: ProjectRun, dataDirectory: string, print: (line: string) => void): () => void {
  if (projectRoot !== undefined) {
    return watchProject(projectRoot, run, { dataDirectory, print });
  }
  print('There is no cdk.json here, so nothing to watch.');
  return () => {};
}
