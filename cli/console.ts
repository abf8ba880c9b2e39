import { Command } from 'commander';
import type { ConnectionOptions } from '../ops/aws/connect.ts';
import { explainError } from '../ops/aws/explain-error.ts';
import { startCommand } from '../ops/command-name.ts';
import { addConnectionOptions, parsePort } from './terminal/options.ts';

interface ConsoleCommandOptions extends ConnectionOptions {
  readonly port: number;
  readonly json?: boolean;
}

/** `fanout console`: the console for a stack in an AWS account, served from this machine. */
export function consoleCommand(): Command {
  return addConnectionOptions(
    new Command('console')
      .summary('Open the console of a stack in the browser')
      .description(
        'Open the console of a stack in the browser: events, dead-letter messages, state, patterns',
      )
      .option('--port <port>', 'port on 127.0.0.1; 0 for any free port', parsePort, 0)
      .option('--json', 'print the URL as one JSON object'),
  )
    .addHelpText(
      'after',
      `
Nothing is deployed for it. It uses your own credentials and, while a page is
open, a temporary rule and queue. The printed link works once, for one page. A
local run serves its own console: "${startCommand()}" prints its URL.

Examples:
  fanout console --stack WhatsAppEventFanout-prod
  fanout console --stack WhatsAppEventFanout-prod --profile work`,
    )
    .action(serveUntilStopped);
}

async function serveUntilStopped(options: ConsoleCommandOptions): Promise<void> {
  const stopped = new Promise<void>((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
  const [{ openConsole }, { awsSource }, { sayWhichRun }] = await Promise.all([
    import('../console/server/open-console.ts'),
    import('../console/server/source/aws-source.ts'),
    import('./terminal/with-pipeline.ts'),
  ]);
  const source = awsSource(options);
  try {
    // Report wrong credentials or a wrong stack name here, and not in the browser.
    await source.readers();
    sayWhichRun((await source.access()).run);
    const { url, close } = await openConsole({ source, port: options.port });
    console.log(
      options.json
        ? JSON.stringify({ console: url })
        : `The console is at\n\n  ${url}\n\nThe link works once. Ctrl-C ends it.`,
    );
    await stopped;
    await close();
  } catch (error) {
    await source.close();
    throw explainError(error);
  }
}
