import { AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { metricNamespace, throttledMetricOf } from '../../events/names.ts';
import type { IngressMetrics } from '../alarms/metrics.ts';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

/** What an endpoint is made of. */
export interface IngressEndpointProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The function behind it. */
  readonly ingest: IFunction;
}

/** An endpoint that was made. */
export interface IngressEndpoint extends IngressMetrics {
  /** Where senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string;
}

/** The path that senders post to. */
export const webhookPath = '/webhooks';

/** Senders that can neither sign nor set a header put their secret here. */
export const secretPath = `${webhookPath}/{secret}`;

/** The paths that a stage takes. A REST API takes each with a slash behind it too, an HTTP API does not. */
export const webhookPaths = ({ authentication }: Settings): readonly string[] =>
  authentication === 'hmac' ? [webhookPath] : [webhookPath, secretPath];

/** A domain of the user's own for an API, with the authorities of its clients if it asks for certificates. */
export interface OwnDomain {
  /** The name, for example `hooks.example.com`. */
  readonly domainName: string;
  /** The certificate of that name. */
  readonly certificate: ICertificate;
  /** The authorities of the clients’ certificates. @default - no certificate is required */
  readonly mtls?: { readonly bucket: IBucket; readonly key: string };
}

/** The domain that the settings name; undefined where they name none. */
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
