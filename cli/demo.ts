import { Command } from 'commander';

/** `fanout demo`: a conversation of a shop with a customer, through the full pipeline. */
export function demoCommand(): Command {
  return new Command('demo')
    .summary('Play a conversation, and show where it goes')
    .description(
      'Start the pipeline, play a conversation of a shop with a customer, and show where each event goes; one handler fails, and its event is redriven',
    )
    .option('--json', 'one JSON object for each webhook')
    .addHelpText(
      'after',
      `
Examples:
  fanout demo
  fanout demo --json | jq .type`,
    )
    .action(async (options) => (await import('./run/demo.ts')).demonstrate(options));
}
