import { Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  type ConcreteWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  ingestMetrics,
  type MetricDimension,
  type MetricName,
  metricNamespace,
  type Refusal,
  type RepeatedResult,
  republishMetrics,
  watchMetrics,
} from '../../events/names.ts';
import { counted, type IngressMetrics, waiting } from '../alarms/metrics.ts';
import type { ConsumerParts } from '../consumer-kinds/consumer-context.ts';
import type { Settings } from '../settings.ts';
import { consumerWidgets, LazyWidget, latencyWidget, period } from './consumer-widgets.ts';

/** The parts of the pipeline that the dashboard shows. */
export interface DashboardParts {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The endpoint that receives webhooks. */
  readonly ingress: IngressMetrics;
  /** The function that the endpoint invokes. */
  readonly ingest: IFunction;
  /** The queue of events that the bus refused. */
  readonly spill: IQueue;
  /** The queue of events that EventBridge could not deliver. */
  readonly undeliverable: IQueue;
  /** The queue of events that no consumer subscribes to. */
  readonly unrouted: IQueue;
  /** The consumers by name. Called when the template is synthesized, so that later consumers are included. */
  readonly consumers: () => ReadonlyMap<string, ConsumerParts>;
  /** The alarms. Called when the template is synthesized, so that later alarms are included. */
  readonly alarms: () => readonly IAlarm[];
}

/** The CloudWatch dashboard of a deployment: one page that shows whether everything works. */
export class FanoutDashboard extends Construct {
  constructor(scope: Construct, id: string, parts: DashboardParts) {
    super(scope, id);
    const { stage } = parts.settings;
    const ofConsumers = { stage, consumers: parts.consumers };
    new Dashboard(this, 'Dashboard', {
      // Names of dashboards are global in an account, so the region is part of the name (CloudWatch User
      // Guide, "Using Amazon CloudWatch dashboards").
      dashboardName: `whatsapp-${stage}-${Stack.of(this).region}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        [alarmWidget(parts), sessionsWidget(parts)],
        [answersWidget(parts), typesOverTimeWidget(parts), typesTableWidget(parts)],
        [latencyWidget(ofConsumers), ingestWidget(parts), failureQueuesWidget(parts)],
        consumerWidgets(ofConsumers),
        [duplicatesWidget(parts), driftWidget(parts)],
      ],
    });
  }
}

/** All alarms with their state. */
function alarmWidget(parts: DashboardParts): ConcreteWidget {
  return new LazyWidget(
    12,
    6,
    (size) => new AlarmStatusWidget({ ...size, title: 'Alarms', alarms: [...parts.alarms()] }),
  );
}

/** Duration, errors and throttles of the ingest function. */
function ingestWidget(parts: DashboardParts): ConcreteWidget {
  const { ingest } = parts;
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Ingest',
    left: ['p50', 'p99'].map((statistic) =>
      ingest.metricDuration({ statistic, period, label: `${statistic} (ms)` }),
    ),
    right: [
      ingest.metricErrors({ statistic: 'Sum', period }),
      ingest.metricThrottles({ statistic: 'Sum', period }),
    ],
  });
}

/** Events in queues that should be empty. */
function failureQueuesWidget(parts: DashboardParts): ConcreteWidget {
  const { settings, spill, undeliverable, unrouted } = parts;
  const { stage } = settings;
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Events in queues that should be empty',
    left: [
      counted(stage, ingestMetrics.spilled).with({ period, label: 'refused by the bus' }),
      counted(stage, republishMetrics.republished).with({ period, label: 'republished later' }),
      waiting(spill, period).with({ label: 'in the spill queue' }),
      waiting(undeliverable, period).with({ label: 'undeliverable' }),
      waiting(unrouted, period).with({ label: 'unrouted' }),
    ],
  });
}

/** The number of sessions that are offline. */
function sessionsWidget({ settings }: DashboardParts): ConcreteWidget {
  return new SingleValueWidget({
    width: 3,
    height: 6,
    title: 'Sessions offline',
    metrics: [
      // The metric has no data while all sessions are online.
      new MathExpression({
        expression: 'FILL(offline, 0)',
        usingMetrics: {
          offline: counted(settings.stage, watchMetrics.sessionsOffline, {}, 'Maximum'),
        },
        ...{ period, label: ' ' },
      }),
    ],
  });
}

/** The label of each reason for a refused request. The compiler reports a missing reason. */
const refusals: Readonly<Record<Refusal, string>> = {
  unauthorized: '401 not authentic',
  forbidden: '403 from another network',
  'not-found': '404 no such path',
  'not-a-post': '405 not a POST',
  'too-large': '413 too large',
  'in-progress': '503 being published',
  unavailable: '503 unavailable',
  internal: '500 internal error',
};

/** Results of deduplication for events that are not new. */
const results: Readonly<Record<RepeatedResult, string>> = {
  duplicate: 'duplicates',
  'other-type': 'of another type (message and message.any)',
  'in-progress': 'retried too early',
  conflict: 'conflicts',
  unavailable: 'deduplication unavailable',
};

/** Webhooks by HTTP response. */
function answersWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Webhooks by response',
    left: [
      counted(stage, ingestMetrics.accepted).with({ period, label: '2xx events accepted' }),
      ...Object.entries(refusals).map(([Refusal, label]) =>
        counted(stage, ingestMetrics.refused, { Refusal }).with({ period, label }),
      ),
      parts.ingress.throttled.with({ period, label: '429 by the API itself' }),
      parts.ingress.failed.with({ period, label: '5xx failures, by ingest or before it' }),
    ],
  });
}

/** The number of events of each type over time. */
const typesOverTimeWidget = (parts: DashboardParts): ConcreteWidget =>
  typesWidget(parts, 'Events by type, over time', LogQueryVisualizationType.STACKEDAREA, [
    `stats sum(${ingestMetrics.accepted}) as events by bin(5m), Type`,
  ]);

/** The number of events of each type. */
const typesTableWidget = (parts: DashboardParts): ConcreteWidget =>
  typesWidget(parts, 'Events by type', LogQueryVisualizationType.TABLE, [
    `stats sum(${ingestMetrics.accepted}) as events by Type`,
    'sort events desc',
  ]);

/**
 * Queries the log lines in which ingest counts events, since one metric for each event type would cost $0.30
 * a month. A query costs $0.005 for each GB of log that it scans.
 */
function typesWidget(
  parts: DashboardParts,
  title: string,
  view: LogQueryVisualizationType,
  steps: readonly string[],
): ConcreteWidget {
  return new LogQueryWidget({
    ...{ width: 8, height: 6, title, view },
    logGroupNames: [`/aws/lambda/whatsapp-${parts.settings.stage}-ingest`],
    queryLines: [`filter ispresent(${ingestMetrics.accepted})`, ...steps],
  });
}

/** Events that were published before, and claim checks. */
function duplicatesWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 12,
    height: 6,
    title: 'Duplicates and claim checks',
    left: [
      ...Object.entries(results).map(([Result, label]) =>
        counted(stage, ingestMetrics.duplicates, { Result }).with({ period, label }),
      ),
      counted(stage, ingestMetrics.claimChecks).with({ period, label: 'claim checks' }),
    ],
  });
}

/** Unrecognized events, and unknown event types and fields. */
function driftWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 12,
    height: 6,
    title: 'Unrecognized events, and drift: what the catalog does not know',
    left: [
      counted(stage, ingestMetrics.unrecognized).with({ period, label: 'unrecognized' }),
      new MathExpression({
        ...search(stage, ingestMetrics.unknownEvents, 'Event'),
        label: 'event',
      }),
      new MathExpression({
        ...search(stage, ingestMetrics.unknownFields, 'Field'),
        label: 'field',
      }),
    ],
  });
}

/** All metrics with a name, for every value of one dimension besides the stage. */
function search(stage: string, metric: MetricName, dimension: MetricDimension) {
  const expression = `SEARCH('{${metricNamespace},Stage,${dimension}} MetricName="${metric}" Stage="${stage}"', 'Sum', ${period.toSeconds()})`;
  return { expression, period };
}
