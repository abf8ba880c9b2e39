import { readFileSync } from 'node:fs';
import { compilePattern } from '@event-fanout/event-pattern';
import type { Command } from 'commander';
import { printable } from '../../ops/printable.ts';
import { chooseBus } from '../../ops/tail/choose-bus.ts';
import { usualLeaseMs } from '../../ops/tail/lease.ts';
import { listen } from '../../ops/tail/listen.ts';
import { newTailName } from '../../ops/tail/new-tail-name.ts';
import { removeLeftovers } from '../../ops/tail/remove-leftovers.ts';
import { tailPattern } from '../../ops/tail/tail-pattern.ts';
import { categoryNames } from '../tail.ts';
import type { ConnectionOptions } from '../terminal/connection-options.ts';
import { interruptedStatus, listenForInterruption } from '../terminal/interruption.ts';
import { withPipeline } from '../terminal/with-pipeline.ts';
import { eventAsJson, eventAsLine } from './describe-event.ts';

interface TailOptions extends ConnectionOptions {
  readonly type?: readonly string[];
  readonly category?: readonly string[];
  readonly session?: readonly string[];
  readonly chat?: readonly string[];
  readonly fromMe?: boolean;
  readonly pattern?: string;
  readonly limit?: number;
  readonly for?: number;
  readonly reveal?: boolean;
  readonly json?: boolean;
}

/** `fanout tail`: shows events as they happen, until Ctrl-C. */
export function tail(options: TailOptions, command: Command): Promise<void> {
  const pattern = patternOf(options, command);
  const show = options.json ? eventAsJson : eventAsLine;
  return withPipeline(options, async ({ access, pipeline }) => {
    const bus = chooseBus(pipeline);
    const left = await removeLeftovers(access, pipeline);
    if (left.length > 0) console.error(`Removed what a killed tail has left: ${left.join(', ')}`);
    const interruption = listenForInterruption();
    // A reader that has gone (`| head -1`) has had enough.
    const gone = new AbortController();
    const onPipe = () => gone.abort();
    process.stdout.on('error', onPipe);
    const signals = [interruption.signal, gone.signal];
    if (options.for !== undefined) signals.push(AbortSignal.timeout(options.for));
    let remaining = options.limit ?? Number.POSITIVE_INFINITY;
    try {
      await listen(access, bus, {
        name: newTailName(),
        pattern,
        leaseMs: usualLeaseMs,
        signal: AbortSignal.any(signals),
        onReady: () => console.error(`Listening on ${bus.name}. Ctrl-C ends it.`),
        onEvent(text) {
          console.log(show(parse(text), options));
          remaining -= 1;
          return remaining > 0;
        },
      });
    } finally {
      interruption.release();
      process.stdout.off('error', onPipe);
    }
    if (interruption.signal.aborted) process.exitCode = interruptedStatus;
  });
}

/** The pattern that the options stand for; what EventBridge would refuse is refused here. */
function patternOf(options: TailOptions, command: Command): string {
  const { type, category, session, chat, fromMe, pattern: file } = options;
  const unknown = category?.find((name) => !categoryNames.includes(name));
  if (unknown !== undefined) {
    command.error(
      `error: "${printable(unknown)}" is no category. There are: ${categoryNames.join(', ')}.`,
    );
  }
  const filter = { types: type, categories: category, sessions: session, chats: chat, fromMe };
  const isFiltered = Object.values(filter).some((each) => each !== undefined);
  if (file !== undefined && isFiltered) {
    command.error('error: --pattern says everything: give it without other filters.');
  }
  try {
    return compilePattern(file === undefined ? tailPattern(filter) : readFileSync(file, 'utf8'))
      .text;
  } catch (error) {
    return command.error(`error: ${(error as Error).message}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
