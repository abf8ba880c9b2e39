import { AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  failedMetricOf,
  metricNamespace,
  type Refusal,
  throttledMetricOf,
} from '../../events/names.ts';
import type { IngressMetrics } from '../alarms/metrics.ts';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

/** Props of each kind of endpoint. */
export interface IngressEndpointProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The function that the endpoint invokes. */
  readonly ingest: LambdaFunction;
}

/** An endpoint that receives webhooks. */
export interface IngressEndpoint extends IngressMetrics {
  /** The URL that senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string;
}

/** The path that senders post to. */
export const webhookPath = '/webhooks';

/** The path for senders that can neither sign nor set a header: it contains their secret. */
export const secretPath = `${webhookPath}/{secret}`;

/**
 * Whether the URL of a request may contain a sender's secret, in the path or in the query. Then nothing may
 * record URLs: neither an access log nor a trace.
 */
export const hasSecretsInUrls = ({ authentication }: Settings): boolean =>
  authentication !== 'hmac';

/** The paths that a stage accepts. A REST API also accepts each with a trailing slash; an HTTP API does not. */
export const webhookPaths = (settings: Settings): readonly string[] =>
  hasSecretsInUrls(settings) ? [webhookPath, secretPath] : [webhookPath];

/** A custom domain of an API, with the truststore if it requires client certificates (mTLS). */
export interface OwnDomain {
  /** The name, for example `hooks.example.com`. */
  readonly domainName: string;
  /** The TLS certificate of that name. */
  readonly certificate: ICertificate;
  /**
   * The truststore with the certificate authorities of clients. @default - no client certificate is required
   */
  readonly mtls?: { readonly bucket: IBucket; readonly key: string };
}

/** The custom domain from the settings. Undefined if they name none. */
export function ownDomain(
  scope: Construct,
  { domainName, certificateArn, truststoreUri }: Settings,
): OwnDomain | undefined {
  if (domainName === 'none') {
    return undefined;
  }
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);
  const [, bucketName = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(truststoreUri) ?? [];
  if (truststoreUri === 'none') {
    return { domainName, certificate };
  }
  const bucket = Bucket.fromBucketName(scope, 'Truststore', bucketName);
  return { domainName, certificate, mtls: { bucket, key } };
}

/**
 * The fields of the access log that both API types have. No path, query or header is logged, since a sender
 * that cannot sign puts its secret there. The names are short, because each byte is billed for each request.
 * CloudWatch adds the time to each line.
 */
export const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  ip: AccessLogField.contextIdentitySourceIp(),
  status: AccessLogField.contextStatus(),
  // The status that ingest has returned; another value if API Gateway has no response of ingest.
  ingest: '$context.integration.status',
  ms: AccessLogField.contextResponseLatency(),
  error: '$context.integrationErrorMessage',
};

/** The fields for an HTTP API. It rejects a log format with a variable that its documentation does not list. */
export const httpApiLogFields = {
  ...accessLogFields,
  bytes: '$context.dataProcessed',
  routeKey: AccessLogField.contextRouteKey(),
};

/**
 * Creates the log group of the access log. With the prefix `/aws/vendedlogs/` the account's resource policy
 * for log delivery needs no statement for each stage. That policy is limited to 5,120 characters; once it is
 * full, no HTTP API of the region can be deployed (CloudWatch Logs User Guide, "Log group resource policy
 * size limit considerations").
 */
export const createAccessLog = (scope: Construct, settings: Settings): LogGroup =>
  createLogGroup(
    scope,
    'AccessLogs',
    `/aws/vendedlogs/apigateway/whatsapp-${settings.stage}`,
    settings,
  );

/**
 * Counts the responses 429 of the API itself, whose own metrics count all 4xx together. The metric exists,
 * and is billed, only while there are such responses.
 */
export const throttledIn = (scope: Construct, logGroup: LogGroup, { stage }: Settings): Metric =>
  new MetricFilter(scope, 'Throttled', {
    logGroup,
    metricNamespace,
    metricName: throttledMetricOf(stage),
    filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
  }).metric({ statistic: 'Sum' });

/** Refusals of ingest that are failures. `in-progress` is none: the sender's next attempt is answered 2xx. */
const failures = ['unavailable', 'internal'] as const satisfies readonly Refusal[];

/**
 * Counts the webhooks that ingest could not process. The metric exists, and is billed, only while there are
 * such webhooks.
 */
export const refusedBy = (scope: Construct, { ingest, settings }: IngressEndpointProps): Metric =>
  new MetricFilter(scope, 'Refused', {
    logGroup: ingest.logGroup,
    metricNamespace,
    metricName: failedMetricOf(settings.stage),
    filterPattern: FilterPattern.any(
      ...failures.map((refusal) => FilterPattern.stringValue('$.message.refusal', '=', refusal)),
    ),
  }).metric({ statistic: 'Sum' });

/**
 * Counts the failed webhooks of an API: those that ingest could not process, and in the same metric those that
 * the API answered 5xx without a response of ingest. The API's own metric also counts `in-progress`. Metric
 * math could not subtract these: the two metrics arrive at different times, so that the difference would hide
 * a failure in one period and report one in another.
 */
export function failedIn(
  scope: Construct,
  logGroup: LogGroup,
  props: IngressEndpointProps,
): Metric {
  new MetricFilter(scope, 'Unanswered', {
    logGroup,
    metricNamespace,
    metricName: failedMetricOf(props.settings.stage),
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.status', '=', '5*'),
      FilterPattern.stringValue('$.ingest', '!=', '500'),
      FilterPattern.stringValue('$.ingest', '!=', '503'),
    ),
  });
  return refusedBy(scope, props);
}
