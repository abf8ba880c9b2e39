import type { Command } from 'commander';

/** Adds the options of {@link ConnectionOptions} in ops/aws/connection.ts. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'the stack in your AWS account; without it, the local run')
    .option('--endpoint <url>', 'where the AWS APIs are (default: the local run, AWS_PORT)')
    .option('--region <region>', 'AWS region')
    .option('--profile <name>', 'profile of your AWS configuration');
}
