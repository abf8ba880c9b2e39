import { type ConcreteWidget, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { counted, oldest, ruleMetric, waiting } from '../alarms/metrics.ts';
import type { Consumer } from '../consumer.ts';
import { type DashboardParts, graphPeriod as period } from './dashboard-parts.ts';
import { LazyWidget } from './lazy-widget.ts';

export function latencyWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return graphOfConsumers(
    parts,
    'From webhook to consumer (ms)',
    (name, consumer) =>
      consumer.function &&
      ['p50', 'p99'].map((statistic) =>
        counted(stage, 'Latency', { Consumer: name }, statistic).with({
          period,
          label: `${name} ${statistic}`,
        }),
      ),
    8,
  );
}

/** What each consumer hears, how late it is, what fails, and what it has given up. */
export function consumerWidgets(parts: DashboardParts): ConcreteWidget[] {
  const { stage } = parts.settings;
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
          counted(stage, 'Failed', { Consumer: name }).with({ period, label: name }),
          own.metricErrors({ ...sum, label: `${name} crashed` }),
        ],
    ),
    graphOfConsumers(parts, 'Dead letters', (name, { deadLetterQueue, rule }) =>
      deadLetterQueue
        ? waiting(deadLetterQueue, period).with({ label: name })
        : ruleMetric(stage, rule, 'InvocationsSentToDlq', period, name),
    ),
  ];
}

/** One graph with a line, or several, for each consumer that has such a metric. */
function graphOfConsumers(
  parts: DashboardParts,
  title: string,
  metricsOf: (name: string, consumer: Consumer) => IMetric | readonly IMetric[] | undefined,
  width = 6,
): ConcreteWidget {
  return new LazyWidget(width, 6, (size) => {
    const left = [...parts.consumers()].flatMap(
      ([name, consumer]) => metricsOf(name, consumer) ?? [],
    );
    return new GraphWidget({ ...size, title, left });
  });
}
