#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { main } from '../cli/program.ts';

// A reader of the output may stop before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    process.exit();
  }
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
