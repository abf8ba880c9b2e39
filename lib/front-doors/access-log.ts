import { AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

/**
 * What the access log says of a request. Neither the path nor the query nor any header: a sender
 * that cannot sign puts its secret there. Short names, for each byte is paid a million times; when it
 * was, CloudWatch says of each line itself.
 */
export const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  ip: AccessLogField.contextIdentitySourceIp(),
  status: AccessLogField.contextStatus(),
  bytes: '$context.requestLength',
  ms: AccessLogField.contextResponseLatency(),
  error: '$context.integrationErrorMessage',
};

/** The log group that the access log is written to. */
export const createAccessLog = (scope: Construct, settings: Settings): LogGroup =>
  createLogGroup(scope, 'AccessLogs', `/aws/apigateway/whatsapp-${settings.stage}`, settings);
