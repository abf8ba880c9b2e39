#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { exitStatus } from '../cli/exit-status.ts';
import { main } from '../cli/program.ts';

process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // A reader of the output may stop before its end, as `head` does.
  if (code === 'EPIPE') {
    process.exit();
  }
  console.error(`fanout: The output cannot be written: ${message}`);
  process.exit(exitStatus.failed);
});

process.exitCode = await main(process.argv.slice(2));
