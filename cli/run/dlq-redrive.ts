import { styleText } from 'node:util';
import type { Command } from 'commander';
import { beginAudit } from '../../ops/audit.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { depthOf } from '../../ops/dead-letters/failure-queue.ts';
import { type RedriveSummary, redrive as redriveQueue } from '../../ops/dead-letters/redrive.ts';
import { purge as purgeQueue } from '../../ops/dead-letters/scan-queue.ts';
import { createFilter, describeFilter } from '../../ops/event-filter.ts';
import { printableJson } from '../../ops/printable.ts';
import { exitStatus } from '../exit-status.ts';
import { confirmByTyping } from '../terminal/confirm.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { type FilterOptions, readFilter } from '../terminal/options.ts';
import { createProgress, noProgress } from '../terminal/progress.ts';
import { withQueue } from '../terminal/with-pipeline.ts';

interface RedriveOptions extends ConnectionOptions, FilterOptions {
  readonly dryRun?: boolean;
  readonly rate?: number;
  readonly limit?: number;
  readonly reason?: string;
  readonly audit: string;
  readonly json?: boolean;
}

/** `fanout dlq redrive`: moves messages back to the queue or bus that they came from. */
export function redrive(given: string, options: RedriveOptions, command: Command): Promise<void> {
  return withQueue(given, options, command, async ({ access, pipeline, queue }) => {
    const { dryRun, rate, limit, json, reason } = options;
    const filter = readFilter(options);
    const audit = dryRun
      ? undefined
      : await beginAudit(options.audit, access, {
          action: 'redrive',
          stack: pipeline.stackName,
          queue: queue.name,
          filter: describeFilter(filter),
          reason,
        });
    const interruption = listenForInterruption();
    const total = Math.min(depthOf(queue).visible, limit ?? Number.POSITIVE_INFINITY);
    const progress = json ? noProgress : createProgress('messages', total);
    const summary = await redriveQueue(access, queue, pipeline, {
      matches: createFilter(filter),
      limit,
      rate,
      dryRun,
      signal: interruption.signal,
      onProgress: (looked) => progress.show(looked),
    });
    interruption.release();
    progress.end();
    const { error, ...outcome } = summary;
    audit?.finish({
      ...outcome,
      ...(error !== undefined && { error: explainError(error).message }),
    });
    console.log(
      json ? printableJson({ queue: queue.name, dryRun, ...outcome }) : format(summary, dryRun),
    );
    if (Object.keys(summary.stayed).length > 0 || summary.undeleted > 0) {
      process.exitCode = 1;
    }
    if (summary.interrupted) {
      process.exitCode = exitStatus.interrupted;
    }
    if (error !== undefined) {
      throw explainError(error);
    }
  });
}

function format(summary: RedriveSummary, dryRun = false): string {
  const verb = dryRun ? 'would be sent' : 'sent';
  const lines = Object.entries(summary.destinations).map(
    ([name, count]) => `${count} ${verb} to ${name}`,
  );
  if (lines.length === 0) {
    lines.push(dryRun ? 'Nothing would be sent.' : 'Nothing was sent.');
  }
  for (const [reason, count] of Object.entries(summary.stayed)) {
    lines.push(styleText('red', `${count} stayed: ${reason}`));
  }
  if (summary.unmatched > 0) {
    lines.push(`${summary.unmatched} stayed: not matched by the filter`);
  }
  if (summary.returned > 0) {
    lines.push(`${summary.returned} failed again during the redrive and are in the queue again`);
  }
  if (summary.undeleted > 0) {
    lines.push(
      `${summary.undeleted} sent, but not deleted here: a later redrive may send them again`,
    );
  }
  if (summary.interrupted) {
    lines.push('Interrupted. Run it again to send the rest.');
  }
  return lines.join('\n');
}

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
