import { AccessLogField } from 'aws-cdk-lib/aws-apigateway';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { createLogGroup } from '../log-group.ts';
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
export const createAccessLog = (scope: Construct, settings: Settings): LogGroup =>
  createLogGroup(scope, 'AccessLogs', `/aws/apigateway/whatsapp-${settings.stage}`, settings);
