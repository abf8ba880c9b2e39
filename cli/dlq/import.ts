import type { Command } from 'commander';
import { beginAudit } from '../../ops/audit.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { importMessages } from '../../ops/dead-letters/export-and-import.ts';
import { printableJson } from '../../ops/printable.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { withQueue } from '../terminal/with-pipeline.ts';

interface ImportOptions extends ConnectionOptions {
  readonly skip: number;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly audit: string;
  readonly json?: boolean;
}

/** `fanout dlq import`: sends the messages of a file to a queue. */
export function importFrom(
  given: string,
  file: string,
  options: ImportOptions,
  command: Command,
): Promise<void> {
  return withQueue(given, options, command, async ({ access, pipeline, queue }) => {
    const { dryRun, skip, json, reason } = options;
    const stack = pipeline.stackName;
    const audit = dryRun
      ? undefined
      : await beginAudit(options.audit, access, {
          action: 'import',
          stack,
          queue: queue.name,
          reason,
        });
    const interruption = listenForInterruption();
    const { signal } = interruption;
    const outcome = await importMessages(access, queue, file, { skip, dryRun, signal }).catch(
      (error: Error) => {
        audit?.finish({ sent: 0, error: error.message });
        throw error;
      },
    );
    interruption.release();
    audit?.finish({ ...outcome });
    const { sent, refused, lines, interrupted } = outcome;
    if (json) {
      console.log(printableJson({ queue: queue.name, file, dryRun, ...outcome }));
    } else {
      console.log(`${sent} messages ${dryRun ? 'would be sent' : 'sent'} to ${queue.name}.`);
      for (const [reason, count] of Object.entries(refused)) {
        console.log(`${count} refused: ${reason}`);
      }
      if (interrupted) {
        console.log(`Interrupted. Continue with --skip ${lines}.`);
      }
    }
    if (Object.keys(refused).length > 0) {
      process.exitCode = 1;
    }
    if (interrupted) {
      process.exitCode = exitStatus.interrupted;
    }
  });
}
