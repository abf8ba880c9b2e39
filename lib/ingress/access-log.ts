import { AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { metricNamespace, throttledMetricOf } from '../../events/names.ts';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

/**
 * The fields of the access log that both API types have. Neither the path nor the query nor any header:
 * a sender that cannot sign puts its secret there. Short names, since each byte is paid a million times;
 * CloudWatch itself adds the time to each line.
 */
export const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  ip: AccessLogField.contextIdentitySourceIp(),
  status: AccessLogField.contextStatus(),
  ms: AccessLogField.contextResponseLatency(),
  error: '$context.integrationErrorMessage',
};

/** The fields of an HTTP API, which refuses a stage whose format has a variable that it does not document. */
export const httpApiLogFields = {
  ...accessLogFields,
  bytes: '$context.dataProcessed',
  routeKey: AccessLogField.contextRouteKey(),
};

/**
 * The log group that the access log is written to. The prefix spares the account's one policy for log
 * delivery a line for each stage: it holds 5,120 characters, and once it is full no HTTP API of the region
 * can be deployed (CloudWatch Logs User Guide, "Log group resource policy size limit considerations").
 */
export const createAccessLog = (scope: Construct, settings: Settings): LogGroup =>
  createLogGroup(
    scope,
    'AccessLogs',
    `/aws/vendedlogs/apigateway/whatsapp-${settings.stage}`,
    settings,
  );

/**
 * What the API itself has answered 429: its own metrics count all of 4xx together. The metric is there, and
 * costs something, only while there is such an answer.
 */
export const throttledIn = (scope: Construct, logGroup: LogGroup, { stage }: Settings): Metric =>
  new MetricFilter(scope, 'Throttled', {
    logGroup,
    metricNamespace,
    metricName: throttledMetricOf(stage),
    filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
  }).metric({ statistic: 'Sum' });
