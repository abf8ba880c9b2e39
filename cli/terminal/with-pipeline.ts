import type { Command } from 'commander';
import { type AwsAccess, type ConnectionOptions, connect } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import type { Pipeline } from '../../ops/aws/pipeline.ts';
import {
  chooseQueue,
  type FailureQueue,
  findFailureQueues,
  UnknownQueueError,
} from '../../ops/dead-letters/failure-queue.ts';
import type { RunFile } from '../../ops/run-file.ts';
import { showStep } from './progress.ts';

/** What a command needs. */
interface Opened {
  readonly access: AwsAccess;
  readonly pipeline: Pipeline;
  readonly queues: readonly FailureQueue[];
}

/** Connects, and prints on standard error which local run is used if none was named. */
export function openAccess(options: ConnectionOptions): AwsAccess {
  const access = connect(options);
  sayWhichRun(access.run);
  return access;
}

/** One line on standard error: standard output is for programs, too. */
export function sayWhichRun(run: RunFile | undefined): void {
  if (run) {
    const { ingress, awsEndpoint, stacks, pid } = run;
    console.error(`Local run: ${stacks.join(', ')} at ${ingress ?? awsEndpoint} (process ${pid}).`);
  }
}

/** Connects, calls `work`, closes the connections, and explains errors of AWS. */
export async function withAccess<Result>(
  options: ConnectionOptions,
  work: (access: AwsAccess) => Promise<Result>,
): Promise<Result> {
  const access = openAccess(options);
  try {
    return await work(access);
  } catch (error) {
    throw explainError(error, access.clientSettings);
  } finally {
    access.close();
  }
}

/** Connects, finds the pipeline, and calls `work`. */
export function withPipeline(
  options: ConnectionOptions,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  return withAccess(options, async (access) => {
    const pipeline = await showStep('Reading the stack', () => findPipeline(access));
    await work({ access, pipeline, queues: findFailureQueues(pipeline) });
  });
}

/** The same for one queue; an unknown queue is wrong usage. */
export function withQueue(
  given: string,
  options: ConnectionOptions,
  command: Command,
  work: (opened: Opened & { readonly queue: FailureQueue }) => Promise<void>,
): Promise<void> {
  return withPipeline(options, async (opened) => {
    await work({ ...opened, queue: chooseOrRefuse(opened.queues, given, command) });
  });
}

function chooseOrRefuse(
  queues: readonly FailureQueue[],
  given: string,
  command: Command,
): FailureQueue {
  try {
    return chooseQueue(queues, given);
  } catch (error) {
    if (error instanceof UnknownQueueError) {
      command.error(`error: ${error.message}`);
    }
    throw error;
  }
}
