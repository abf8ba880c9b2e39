import { Duration } from 'aws-cdk-lib';
import { type ConcreteWidget, GraphWidget, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { unitPrices } from '../prices.ts';
import type { Settings } from '../settings.ts';
import { type DashboardParts, LazyWidget } from './dashboard-parts.ts';
import {
  dollarsOf,
  dollarsThisMonth,
  functionUsage,
  queueUsage,
  tableUsage,
  type Usage,
} from './estimate-cost.ts';

/** What the pipeline costs: this month so far, and day by day for each of its parts. */
export function costWidgets(parts: DashboardParts): ConcreteWidget[] {
  return [
    new LazyWidget(4, 6, (size) => {
      const everything = [...usageOf(parts).values()].flat();
      return new SingleValueWidget({
        ...size,
        title: 'Dollars this month, estimated',
        metrics: [dollarsThisMonth(dollarsOf([...everything], 'a', 'total'))],
        start: '-P31D',
        period: Duration.days(1),
      });
    }),
    new LazyWidget(
      5,
      6,
      (size) =>
        new GraphWidget({
          ...size,
          title: `Dollars a day, besides $${fixedDollars(parts).toFixed(2)} a month`,
          stacked: true,
          left: [...usageOf(parts)].map(([label, usage], index) =>
            dollarsOf(usage, `p${index}x`, label),
          ),
          start: '-P31D',
          period: Duration.days(1),
        }),
    ),
  ];
}

const prices = unitPrices();

/** What a request costs at each front door, besides the function's own. */
const requestPrices = {
  'http-api': prices.httpApiRequests,
  'rest-api': prices.restApiRequests + prices.wafRequests,
  'function-url': 0,
} as const satisfies Record<Settings['frontDoor'], number>;

/** What the parts of the pipeline use, by what they are called. */
function usageOf(parts: DashboardParts): ReadonlyMap<string, Usage> {
  const { settings, ingest, consumers } = parts;
  const { stage, ingestMemoryMb, consumerMemoryMb } = settings;
  const perDay = { statistic: 'Sum', period: Duration.days(1) };
  const front: Usage = [
    ...functionUsage(ingest, `whatsapp-${stage}-ingest`, ingestMemoryMb),
    // Each invocation is a request at the front door; most bring one event for the bus.
    [ingest.metricInvocations(perDay), requestPrices[settings.frontDoor] + prices.busEvents],
    ...tableUsage(`whatsapp-${stage}-ledger`),
  ];
  const ofConsumers = [...consumers()].flatMap(([name, { row, queue, function: own }]) => {
    const memoryMb = (row.kind === 'function' ? row.memoryMb : undefined) ?? consumerMemoryMb;
    const usage: Usage = [
      ...(own ? functionUsage(own, `whatsapp-${stage}-${name}`, memoryMb) : []),
      ...(queue ? queueUsage(queue) : []),
    ];
    return usage.length > 0 ? [[name, usage] as const] : [];
  });
  return new Map<string, Usage>([
    ['front door, ingest and bus', front],
    ['state', tableUsage(`whatsapp-${stage}-state`)],
    ...ofConsumers,
  ]);
}

/** Dollars a month that are due without any traffic. */
function fixedDollars(parts: DashboardParts): number {
  const { alarms, settings } = parts;
  const secrets = settings.authentication === 'any' ? 2 : 1;
  return (
    alarms().length * prices.alarmMetrics +
    secrets * prices.secrets +
    (settings.encryption === 'customer' ? prices.keys : 0) +
    prices.dashboards
  );
}
