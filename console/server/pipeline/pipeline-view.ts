import type { AwsAccess } from '../../../ops/aws/connect.ts';
import { findPipeline } from '../../../ops/aws/find-pipeline.ts';
import { type Pipeline, redrivePolicyOf } from '../../../ops/aws/pipeline.ts';
import { findFailureQueues } from '../../../ops/dead-letters/failure-queue.ts';
import type { Targets } from '../journal/outcome.ts';
import type { ConsoleSource, QueueFigures } from '../source/console-source.ts';
import { describePipeline, type Overview } from './overview.ts';

/** How long a description is cached, in milliseconds: rules and queues may be added at any time. */
const maxAgeMs = 15_000;

/** A cached description of the pipeline. */
export class PipelineView {
  readonly #source: ConsoleSource;
  #access: Promise<AwsAccess> | undefined;
  #found: { readonly at: number; readonly pipeline: Promise<Pipeline> } | undefined;

  constructor(source: ConsoleSource) {
    this.#source = source;
  }

  access(): Promise<AwsAccess> {
    this.#access ??= this.#source.access();
    return this.#access;
  }

  /** Rules and queues. With `fresh`, read again: for operations that change something. */
  async pipeline({ fresh = false } = {}): Promise<Pipeline> {
    const now = Date.now();
    if (!fresh && this.#found && now - this.#found.at < maxAgeMs) {
      return this.#found.pipeline;
    }
    const pipeline = this.access().then(findPipeline);
    this.#found = { at: now, pipeline };
    // An error is not cached.
    pipeline.catch(() => {
      this.#found = undefined;
    });
    const [found, readers] = await Promise.all([pipeline, this.#source.readers()]);
    this.#source.journal.targets = targetsOf(found, readers);
    return found;
  }

  async overview(): Promise<Overview> {
    const pipeline = await this.pipeline();
    return describePipeline(pipeline, await this.#source.readers());
  }

  /** The figures of each queue, by its name. */
  async queues(): Promise<Readonly<Record<string, QueueFigures>>> {
    const { queues } = await this.pipeline();
    const figures = await this.#source.readQueues(queues);
    return Object.fromEntries(
      queues.flatMap(({ name, arn }) => {
        const found = figures.get(arn);
        return found ? [[name, found]] : [];
      }),
    );
  }

  async close(): Promise<void> {
    (await this.#access?.catch(() => undefined))?.close();
  }
}

function targetsOf(pipeline: Pipeline, readers: ReadonlyMap<string, string>): Targets {
  const byName = new Map(pipeline.queues.map((queue) => [queue.name, queue]));
  const unrouted = new Set(
    findFailureQueues(pipeline).flatMap(({ name, role }) => (role === 'unrouted' ? [name] : [])),
  );
  return {
    isRead: (name) => readers.has(byName.get(name)?.arn ?? ''),
    isUnrouted: (name) => unrouted.has(name),
    maxReceives: (name) => {
      const queue = byName.get(name);
      const policy = queue && redrivePolicyOf(queue);
      return policy?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    },
  };
}
