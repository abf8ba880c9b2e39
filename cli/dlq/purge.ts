import type { Command } from 'commander';
import { beginAudit } from '../../ops/audit.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { purge as purgeQueue } from '../../ops/dead-letters/delete-messages.ts';
import { createFilter, describeFilter } from '../../ops/dead-letters/message-filter.ts';
import { depthOf } from '../../ops/dead-letters/queue-depth.ts';
import { printableJson } from '../../ops/printable.ts';
import { exitStatus } from '../exit-status.ts';
import { confirmByTyping } from '../terminal/confirm.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { createProgress, noProgress } from '../terminal/progress.ts';
import { withQueue } from '../terminal/with-pipeline.ts';
import { type FilterOptions, readFilter } from './filter-options.ts';

interface PurgeOptions extends ConnectionOptions, FilterOptions {
  readonly limit?: number;
  readonly yes?: boolean;
  readonly reason?: string;
  readonly audit: string;
  readonly json?: boolean;
}

/** `fanout dlq purge`: deletes messages permanently. */
export function purge(given: string, options: PurgeOptions, command: Command): Promise<void> {
  return withQueue(given, options, command, async ({ access, pipeline, queue }) => {
    const { limit, json, reason } = options;
    const filter = readFilter(options);
    const described = describeFilter(filter);
    const { visible } = depthOf(queue);
    if (!options.yes) {
      if (!process.stdin.isTTY) {
        command.error(
          'error: purge needs a terminal to confirm it. Add --yes to purge from a script.',
        );
      }
      const which = described
        ? `the matching ones of about ${visible} messages`
        : `all of about ${visible} messages`;
      await confirmByTyping(queue.name, `This permanently deletes ${which} in ${queue.name}.`);
    }
    const stack = pipeline.stackName;
    const action = {
      action: 'purge',
      stack,
      queue: queue.name,
      filter: described,
      reason,
    } as const;
    const audit = await beginAudit(options.audit, access, action);
    const interruption = listenForInterruption();
    const progress = json ? noProgress : createProgress('messages', visible);
    const { error, ...outcome } = await purgeQueue(access, queue, {
      ...(described && { matches: createFilter(filter) }),
      limit,
      signal: interruption.signal,
      onProgress: (looked) => progress.show(looked),
    });
    interruption.release();
    progress.end();
    audit.finish({
      ...outcome,
      ...(error !== undefined && { error: explainError(error).message }),
    });
    const { deleted, unmatched, undeleted } = outcome;
    if (json) {
      console.log(printableJson({ queue: queue.name, ...outcome }));
    } else {
      console.log(
        `${deleted} deleted${described ? `, ${unmatched} did not match the filter` : ''}.`,
      );
      if (undeleted > 0) {
        console.log(`${undeleted} could not be deleted.`);
      }
    }
    if (undeleted > 0) {
      process.exitCode = 1;
    }
    if (outcome.interrupted) {
      process.exitCode = exitStatus.interrupted;
    }
    if (error !== undefined) {
      throw explainError(error);
    }
  });
}
