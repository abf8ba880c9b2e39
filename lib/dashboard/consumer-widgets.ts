import { Duration } from 'aws-cdk-lib';
import { ConcreteWidget, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { consumerMetrics } from '../../events/names.ts';
import { counted, oldest, ruleMetric, waiting } from '../alarms/metrics.ts';
import type { ConsumerParts } from '../consumer-kinds/consumer-context.ts';

/** What graphs with a line for each consumer need. */
export interface ConsumerGraphParts {
  /** Name of the deployment. */
  readonly stage: string;
  /** The consumers by name. Called when the template is synthesized, so that later consumers are included. */
  readonly consumers: () => ReadonlyMap<string, ConsumerParts>;
}

/** The period of one point in a graph. */
export const period = Duration.minutes(5);

/**
 * A widget whose content is created when the template is synthesized, because consumers may be added until
 * then.
 */
export class LazyWidget extends ConcreteWidget {
  readonly #make: (size: { readonly width: number; readonly height: number }) => ConcreteWidget;

  constructor(
    width: number,
    height: number,
    make: (size: { readonly width: number; readonly height: number }) => ConcreteWidget,
  ) {
    super(width, height);
    this.#make = make;
  }

  /** Creates the widget, and returns its JSON. Called by CDK at synthesis. */
  override toJson(): unknown[] {
    const { width, height } = this;
    const widget = this.#make({ width, height });
    widget.position(this.x ?? 0, this.y ?? 0);
    return widget.toJson();
  }
}

/** Milliseconds from the webhook to each consumer. */
export function latencyWidget(parts: ConsumerGraphParts): ConcreteWidget {
  const { stage } = parts;
  return graphOfConsumers(
    parts,
    'From webhook to consumer (ms)',
    (name, consumer) =>
      consumer.function &&
      ['p50', 'p99'].map((statistic) =>
        counted(stage, consumerMetrics.latency, { Consumer: name }, statistic).with({
          period,
          label: `${name} ${statistic}`,
        }),
      ),
    8,
  );
}

/** Events of each consumer, age of its oldest event, failed attempts and dead-letter messages. */
export function consumerWidgets(parts: ConsumerGraphParts): ConcreteWidget[] {
  const { stage } = parts;
  const sum = { statistic: 'Sum', period };
  return [
    graphOfConsumers(parts, 'Events for each consumer', (name, consumer) =>
      consumer.queue
        ? consumer.queue.metricNumberOfMessagesSent({ ...sum, label: name })
        : ruleMetric(stage, consumer.rule, 'Invocations', period, name),
    ),
    graphOfConsumers(
      parts,
      'Oldest event (seconds)',
      (name, { queue }) => queue && oldest(queue, period).with({ label: name }),
    ),
    graphOfConsumers(
      parts,
      'Failed attempts, and functions that crashed',
      (name, { function: own }) =>
        own && [
          counted(stage, consumerMetrics.failed, { Consumer: name }).with({ period, label: name }),
          own.metricErrors({ ...sum, label: `${name} crashed` }),
        ],
    ),
    graphOfConsumers(parts, 'Dead-letter messages', (name, { deadLetterQueue, rule }) =>
      deadLetterQueue
        ? waiting(deadLetterQueue, period).with({ label: name })
        : ruleMetric(stage, rule, 'InvocationsSentToDlq', period, name),
    ),
  ];
}

/** A graph with one or more lines for each consumer that has the metric. */
function graphOfConsumers(
  parts: ConsumerGraphParts,
  title: string,
  metricsOf: (name: string, consumer: ConsumerParts) => IMetric | readonly IMetric[] | undefined,
  width = 6,
): ConcreteWidget {
  return new LazyWidget(width, 6, (size) => {
    const left = [...parts.consumers()].flatMap(
      ([name, consumer]) => metricsOf(name, consumer) ?? [],
    );
    return new GraphWidget({ ...size, title, left });
  });
}
