import { gigabyte } from '../../lib/prices.ts';
import { meanBatch } from './consumer-lines.ts';
import { type CostLine, quantity, secondsAMonth } from './cost-line.ts';
import type { CostContext } from './cost-of.ts';

/** Logs and metrics of the events, and what is paid without any. */
export function standingLines(context: CostContext): readonly CostLine[] {
  return [...logLines(context), ...fixedLines(context)];
}

function logLines({ facts, flows, prices, assumed }: CostContext): readonly CostLine[] {
  const received = flows.reduce((sum, flow) => sum + flow.received, 0);
  const told = flows.reduce((sum, flow) => sum + flow.told, 0);
  const line = (component: string, bytes: number, consumer?: string): CostLine => ({
    component,
    ...(consumer === undefined ? {} : { consumer }),
    kind: 'volume',
    dollarsAMonth:
      (bytes / gigabyte) *
      (prices.logGb + prices.logGbMonths + (facts.masksLogs ? prices.protectedLogGb : 0)),
    counted: quantity(bytes / gigabyte, 'GB'),
  });
  const leftOut = Math.max(0, received - told);
  const consumers = [...facts.queues].flatMap(([id, { consumer, name, poller }]) => {
    const handler = poller && facts.functions.get(poller.functionId);
    const heard = flows.reduce(
      (sum, { told, targets }) => sum + (targets.includes(id) ? told : 0),
      0,
    );
    if (!poller || !handler || heard === 0) return [];
    const batches = heard / meanBatch(poller, heard / secondsAMonth, { assumed });
    const bytes = heard * assumed.handledLogBytes + batches * assumed.latencyLogBytes;
    return [line('log', bytes, consumer ?? name)];
  });
  return [
    line('log of ingest', told * assumed.acceptedLogBytes + leftOut * assumed.countLogBytes),
    ...(facts.hasAccessLog ? [line('access log', received * assumed.accessLogBytes)] : []),
    ...consumers,
  ];
}

function fixedLines({ facts, flows, prices, assumed }: CostContext): readonly CostLine[] {
  const heardBy = new Set(
    flows.flatMap(({ targets }) => targets.filter((id) => facts.queues.get(id)?.poller)),
  );
  const fixed = (
    component: string,
    count: number,
    price: number,
    unit: string,
  ): readonly CostLine[] =>
    count === 0
      ? []
      : [
          {
            component,
            kind: 'fixed',
            dollarsAMonth: count * price,
            counted: quantity(count, unit),
          },
        ];
  return [
    ...fixed(
      'scheduled functions',
      facts.scheduledInvocations,
      prices.lambdaRequests + 0.25 * (assumed.consumerMs / 1000) * prices.lambdaGbSeconds,
      'invocations of 256 MB',
    ),
    ...fixed(
      'secrets',
      facts.secrets,
      prices.secrets + assumed.secretReadsAMonth * prices.secretReads,
      'secrets with their reads',
    ),
    ...fixed(
      'metrics',
      assumed.metricsOfIngest + heardBy.size * assumed.metricsForConsumer,
      prices.metrics,
      'custom metrics',
    ),
    ...fixed('alarms', facts.alarmMetrics, prices.alarmMetrics, 'metrics with an alarm'),
    ...fixed('composite alarms', facts.compositeAlarms, prices.compositeAlarms, 'composite alarms'),
    ...fixed('dashboards', facts.dashboards, prices.dashboards, 'dashboards'),
    ...fixed('keys', facts.keys, prices.keys, 'KMS keys; their requests are not counted'),
    ...fixed('WAF', facts.webAcls, prices.wafAcls, 'web ACLs'),
    ...fixed('WAF rules', facts.webAclRules, prices.wafRules, 'rules'),
  ];
}
