import type { Command } from 'commander';
import { beginAudit } from '../../ops/audit.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { exportMessages, importMessages } from '../../ops/dead-letters/export-and-import.ts';
import { depthOf } from '../../ops/dead-letters/failure-queue.ts';
import { createFilter, describeFilter } from '../../ops/event-filter.ts';
import { printableJson } from '../../ops/printable.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { type FilterOptions, readFilter } from '../terminal/options.ts';
import { createProgress, noProgress } from '../terminal/progress.ts';
import { withQueue } from '../terminal/with-pipeline.ts';

interface ExportOptions extends ConnectionOptions, FilterOptions {
  readonly limit?: number;
  readonly reason?: string;
  readonly audit: string;
  readonly json?: boolean;
}

/** `fanout dlq export`: copies the messages of a queue to a file. */
export function exportTo(
  given: string,
  file: string,
  options: ExportOptions,
  command: Command,
): Promise<void> {
  return withQueue(given, options, command, async ({ access, pipeline, queue }) => {
    const { limit, json, reason } = options;
    const filter = readFilter(options);
    // Recorded, since personal data leaves the pipeline here.
    const audit = await beginAudit(options.audit, access, {
      action: 'export',
      stack: pipeline.stackName,
      queue: queue.name,
      filter: describeFilter(filter),
      reason,
    });
    const interruption = listenForInterruption();
    const progress = json ? noProgress : createProgress('messages', depthOf(queue).visible);
    const { matched, interrupted, error } = await exportMessages(access, queue, file, {
      matches: createFilter(filter),
      limit,
      signal: interruption.signal,
      onProgress: (looked) => progress.show(looked),
    }).catch((error: Error) => {
      audit.finish({ exported: 0, error: error.message });
      throw error;
    });
    interruption.release();
    progress.end();
    const failure = error === undefined ? undefined : explainError(error);
    audit.finish({ exported: matched, interrupted, error: failure?.message });
    if (json) {
      console.log(printableJson({ queue: queue.name, file, exported: matched, interrupted }));
    } else {
      console.log(`Exported ${matched} messages to ${file}. They stay in ${queue.name}.`);
      if (interrupted) {
        console.log('Interrupted: others may be missing. Export to another file to have all.');
      }
      console.error(
        'The file contains personal data: texts, names and phone numbers. Protect it accordingly.',
      );
    }
    if (interrupted) {
      process.exitCode = exitStatus.interrupted;
    }
    if (failure) {
      throw failure;
    }
  });
}

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
        if (error instanceof RangeError) {
          command.error(`error: option '--skip <lines>': ${error.message}`);
        }
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
