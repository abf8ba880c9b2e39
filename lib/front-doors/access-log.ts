import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { customerKeyOf } from '../customer-key.ts';
import type { Settings } from '../settings.ts';

/**
 * What the access log says of a request. Neither the path nor the query nor any header: a sender
 * that cannot sign puts its secret there.
 */
export const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTimeEpoch(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  status: AccessLogField.contextStatus(),
  requestLength: '$context.requestLength',
  responseLatencyMs: AccessLogField.contextResponseLatency(),
  integrationError: '$context.integrationErrorMessage',
};

/** The log group that the access log is written to. */
export const createAccessLog = (
  scope: Construct,
  { stage, logRetentionDays }: Pick<Settings, 'stage' | 'logRetentionDays'>,
): LogGroup =>
  new LogGroup(scope, 'AccessLogs', {
    logGroupName: `/aws/apigateway/whatsapp-${stage}`,
    retention: logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
    encryptionKey: customerKeyOf(scope),
  });
