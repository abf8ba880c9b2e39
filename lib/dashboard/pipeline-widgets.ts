import {
  AlarmStatusWidget,
  type ConcreteWidget,
  GraphWidget,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { counted, waiting } from '../alarms/metrics.ts';
import { type DashboardParts, graphPeriod as period } from './dashboard-parts.ts';
import { LazyWidget } from './lazy-widget.ts';

export function alarmWidget(parts: DashboardParts): ConcreteWidget {
  return new LazyWidget(
    21,
    6,
    (size) => new AlarmStatusWidget({ ...size, title: 'Alarms', alarms: [...parts.alarms()] }),
  );
}

export function ingestWidget(parts: DashboardParts): ConcreteWidget {
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

export function endsWidget(parts: DashboardParts): ConcreteWidget {
  const { settings, spill, undeliverable, unrouted } = parts;
  const { stage } = settings;
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Events that are not where they belong',
    left: [
      counted(stage, 'Spilled').with({ period, label: 'refused by the bus' }),
      counted(stage, 'Republished').with({ period, label: 'taken by it later' }),
      waiting(spill, period).with({ label: 'in the spill queue' }),
      waiting(undeliverable, period).with({ label: 'undeliverable' }),
      waiting(unrouted, period).with({ label: 'unrouted' }),
    ],
  });
}

/** How many sessions need somebody. */
export function sessionsWidget({ settings }: DashboardParts): ConcreteWidget {
  return new SingleValueWidget({
    width: 3,
    height: 6,
    title: 'Sessions offline',
    metrics: [
      counted(settings.stage, 'SessionsOffline', {}, 'Maximum').with({ period, label: ' ' }),
    ],
  });
}
