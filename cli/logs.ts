import { Command } from 'commander';
import { addConnectionOptions, parseMoment } from './terminal/options.ts';

/** `fanout logs`: shows the log of a consumer's function. */
export function logsCommand(): Command {
  return addConnectionOptions(new Command('logs'))
    .argument('<consumer>', 'name of a consumer, or ingest')
    .summary("Show a consumer's log, with errors in full")
    .description("Show a consumer's log, with error messages and stack traces")
    .option('-f, --follow', 'continue with new lines')
    .option('--since <time>', 'start: 15m, 2h, 2026-01-31T12:00:00Z (default: 1h)', (given) =>
      parseMoment(given),
    )
    .option('--errors', 'only warnings and errors')
    .option('--json', 'the lines as they were logged')
    .addHelpText(
      'after',
      `
Locally it reads the log files of the run. In AWS it reads CloudWatch Logs,
where an error has its message and stack if the setting handlerErrors is full.

Examples:
  fanout logs messages
  fanout logs orders --follow --errors
  fanout logs ingest --since 2h --stack WhatsAppEventFanout-prod`,
    )
    .action(async (consumer, options, command) =>
      (await import('./run/logs.ts')).logs(consumer, options, command),
    );
}
