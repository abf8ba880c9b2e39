import type { Command } from 'commander';
import { type AwsAccess, connect } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import type { Pipeline } from '../../ops/aws/pipeline.ts';
import { chooseQueue, UnknownQueueError } from '../../ops/dead-letters/choose-queue.ts';
import { type EndQueue, findEndQueues } from '../../ops/dead-letters/failure-queue.ts';
import type { ConnectionOptions } from './connection-options.ts';

/** What a command works with. */
export interface Opened {
  readonly access: AwsAccess;
  readonly pipeline: Pipeline;
  readonly queues: readonly EndQueue[];
}

/** Connects, finds the pipeline, does the work, and says in plain words what AWS refused. */
export async function withPipeline(
  options: ConnectionOptions,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  const access = connect(options);
  try {
    const pipeline = await findPipeline(access);
    await work({ access, pipeline, queues: findEndQueues(pipeline) });
  } catch (error) {
    throw explainError(error);
  } finally {
    access.close();
  }
}

/** The same for one queue; a queue that is not there is a mistake in the call. */
export function withQueue(
  given: string,
  options: ConnectionOptions,
  command: Command,
  work: (opened: Opened & { readonly queue: EndQueue }) => Promise<void>,
): Promise<void> {
  return withPipeline(options, async (opened) => {
    await work({ ...opened, queue: chooseOrRefuse(opened.queues, given, command) });
  });
}

function chooseOrRefuse(queues: readonly EndQueue[], given: string, command: Command): EndQueue {
  try {
    return chooseQueue(queues, given);
  } catch (error) {
    if (error instanceof UnknownQueueError) command.error(`error: ${error.message}`);
    throw error;
  }
}
