import type { LocalObserver, LocalRun } from '@event-fanout/local-aws';
import { lastPartOf } from '../../../ops/aws/arn.ts';
import { FlowCounter } from '../journal/flow-figures.ts';
import { Journal } from '../journal/journal.ts';
import type { ConsoleSource, QueueFigures } from './console-source.ts';
import { observeLocalRun } from './local-feed.ts';

/** The source for a local run. It exists before the run, so that the first event is not missed. */
export interface LocalSource {
  readonly observer: LocalObserver;
  /** Returns the source when the run has started. */
  attach(run: LocalRun): ConsoleSource;
}

/** Reads a local run within its process. */
export function localSource(options: { readonly capacity?: number } = {}): LocalSource {
  const journal = new Journal(options.capacity);
  const flow = new FlowCounter();
  return {
    observer: observeLocalRun(journal, flow),
    attach: (run) => ({
      ...{ mode: 'local', journal, flow, stack: undefined, caveat: undefined },
      queuesEveryMs: 1_000,
      access: async () => {
        // The SDK takes a while to load, and a run without an open page does not need it.
        const { connect } = await import('../../../ops/aws/connect.ts');
        return connect({ endpoint: run.awsEndpoint, region: run.region });
      },
      readers: async () =>
        new Map(
          run.services.lambda
            .listEventSourceMappings()
            .map(({ settings }) => [settings.eventSourceArn, lastPartOf(settings.functionName)]),
        ),
      readQueues: (queues) => readQueues(run, queues),
      watch: async () => {},
      unwatch: async () => {},
      close: async () => {},
    }),
  };
}

async function readQueues(
  { services: { sqs } }: LocalRun,
  queues: readonly { readonly arn: string; readonly url: string }[],
): Promise<ReadonlyMap<string, QueueFigures>> {
  const figures = new Map<string, QueueFigures>();
  for (const { arn, url: QueueUrl } of queues) {
    try {
      const AttributeNames = ['All'];
      const { Attributes } = await sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames });
      const read = readFigures((Attributes ?? {}) as Record<string, string>);
      const holds = read.visible + read.inFlight + read.delayed > 0;
      const oldestAt = holds ? sqs.peek(arn, 1)[0]?.sentAt : undefined;
      figures.set(arn, { ...read, oldestAt });
    } catch {
      // The template was changed, and the queue was deleted.
    }
  }
  return figures;
}

/** The figures in a queue's attributes, as GetQueueAttributes returns them. */
export function readFigures(attributes: Readonly<Record<string, string>>): QueueFigures {
  const count = (state: string) => Number(attributes[`ApproximateNumberOfMessages${state}`] ?? 0);
  return { visible: count(''), inFlight: count('NotVisible'), delayed: count('Delayed') };
}
