import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { replayRulePrefix } from '../../events/names.ts';
import { beginAudit } from '../../ops/audit.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import type { Pipeline } from '../../ops/aws/pipeline.ts';
import { describeFilter } from '../../ops/event-filter.ts';
import { printableJson } from '../../ops/printable.ts';
import {
  type Consumer,
  findArchive,
  findConsumer,
  planReplay,
  UnknownConsumerError,
} from '../../ops/replay/plan-replay.ts';
import { runReplay } from '../../ops/replay/run-replay.ts';
import { removeStaleRules } from '../../ops/replay/temporary-rule.ts';
import { exitStatus } from '../exit-status.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import { withPipeline } from '../terminal/with-pipeline.ts';

interface ReplayOptions extends ConnectionOptions {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to?: number;
  readonly consumer: string;
  readonly type?: readonly string[];
  readonly session?: readonly string[];
  readonly chat?: readonly string[];
  readonly archive?: string;
  readonly wait: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly audit: string;
  readonly json?: boolean;
}

/** `fanout replay`: sends past events to one consumer. */
export function replay(options: ReplayOptions, command: Command): Promise<void> {
  const { from, json, reason } = options;
  const to = Math.min(options.to ?? Date.now(), Date.now());
  if (from >= to) {
    command.error('error: --from must be before --to, and before now.');
  }
  return withPipeline(options, async ({ access, pipeline }) => {
    const consumer = chooseConsumer(pipeline, options.consumer, command);
    const filter = { types: options.type, sessions: options.session, chats: options.chat };
    const plan = planReplay(consumer, filter, newReplayName());
    const archiveArn = await findArchive(access, consumer.bus, pipeline, options.archive);
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const print = json ? () => {} : (line: string) => console.log(line);
    print(
      `${plan.name}: events from ${window.from} to ${window.to}, to ${consumer.queue.name} only`,
    );
    if (options.dryRun) {
      for (const { pattern } of plan.temporary) {
        print(`with a rule for ${pattern}`);
      }
      if (json) {
        console.log(printableJson({ ...plan, ...window, archiveArn, dryRun: true }));
      }
      return;
    }
    await removeStaleRules(access, pipeline);
    const audit = await beginAudit(options.audit, access, {
      action: 'replay',
      stack: pipeline.stackName,
      queue: consumer.queue.name,
      filter: { ...window, ...describeFilter(filter) },
      reason,
    });
    const interruption = listenForInterruption();
    const request = { plan, bus: consumer.bus, archiveArn, from, to };
    const { state, reason: why } = await runReplay(access, request, {
      leave: !options.wait,
      signal: interruption.signal,
      onState: (now, reached) =>
        print(`  ${now.toLowerCase()}${reached ? `, ${reached.toISOString()}` : ''}`),
    })
      .catch((error: unknown) => {
        audit.finish({ replay: plan.name, error: explainError(error).message });
        throw error;
      })
      .finally(() => interruption.release());
    audit.finish({ replay: plan.name, state, why });
    if (json) {
      console.log(printableJson({ replay: plan.name, state, reason: why, ...window }));
    }
    if (!options.wait) {
      print(
        'The replay continues without this command. The next replay removes its temporary rules.',
      );
    }
    if (state === 'CANCELLED') {
      process.exitCode = exitStatus.interrupted;
    }
    if (state === 'FAILED') {
      throw new Error(`The replay failed: ${why ?? 'AWS does not say why'}`);
    }
  });
}

function chooseConsumer(pipeline: Pipeline, given: string, command: Command): Consumer {
  try {
    return findConsumer(pipeline, given);
  } catch (error) {
    if (error instanceof UnknownConsumerError) {
      command.error(`error: ${error.message}`);
    }
    throw error;
  }
}

/** A unique name that contains the time. */
function newReplayName(): string {
  const when = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${replayRulePrefix}${when}-${randomBytes(3).toString('hex')}`;
}
