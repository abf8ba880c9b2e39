import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { describeRun } from './local/describe-run.ts';
import { printActivity } from './local/print-activity.ts';
import { startProject } from './start-project.ts';

interface LocalOptions {
  readonly data: string;
  readonly memory?: boolean;
  readonly port: number;
  readonly awsPort: number;
  readonly quiet?: boolean;
}

/** How long what runs may take to end after Ctrl-C. */
const drainMs = 5_000;

/** `fanout local`: runs the app of this directory until Ctrl-C. */
export function localCommand(): Command {
  return new Command('local')
    .description('Synthesize the app and run its template on this machine')
    .option('--port <port>', 'front door (PORT)', parsePort, parsePort(process.env.PORT ?? '3000'))
    .option(
      '--aws-port <port>',
      'AWS endpoint (AWS_PORT)',
      parsePort,
      parsePort(process.env.AWS_PORT ?? '4566'),
    )
    .option('--data <directory>', 'where accepted events are kept', '.fanout')
    .option('--memory', 'keep nothing')
    .option('--quiet', 'do not say what happens')
    .action(runUntilStopped);
}

/** A port number from the command line. */
export function parsePort(given: string): number {
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

async function runUntilStopped(options: LocalOptions): Promise<void> {
  const stopped = new Promise<void>((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
  const say = options.quiet ? () => {} : (line: string) => console.log(line);
  const run = await startProject({
    port: options.port,
    awsPort: options.awsPort,
    ...(options.memory ? {} : { dataDirectory: resolve(options.data) }),
    observer: printActivity(say),
    say,
  });
  say(describeRun(run));
  await stopped;
  say('Stopping: what runs may end, what waits is kept.');
  await run.close({ drainMs });
}
