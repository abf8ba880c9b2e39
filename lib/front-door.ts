import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';

/** Props of {@link FrontDoor}. */
export interface FrontDoorProps {
  readonly settings: Settings;
  /** The function behind the route. */
  readonly ingest: IFunction;
}

/** The path that senders post to. */
export const webhookPath = '/webhooks';

/**
 * What the access log says of a request. Neither the path nor the query nor any header: a sender
 * that cannot sign puts its secret there.
 */
const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTimeEpoch(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  routeKey: '$context.routeKey',
  status: AccessLogField.contextStatus(),
  requestLength: '$context.requestLength',
  responseLatencyMs: AccessLogField.contextResponseLatency(),
  integrationError: '$context.integrationErrorMessage',
};

/** The HTTP API with its one route, throttled, and logged without anything secret. */
export class FrontDoor extends Construct {
  /** Where senders post webhooks to. */
  readonly url: string;

  constructor(scope: Construct, id: string, { settings, ingest }: FrontDoorProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      apiName: `whatsapp-${settings.stage}`,
      description: 'Takes webhooks of WAHA and Wawp',
      createDefaultStage: false,
    });
    const routes = api.addRoutes({
      path: webhookPath,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Ingest', ingest),
    });
    for (const route of routes) {
      acknowledge(route, {
        'AwsSolutions-APIG4':
          'The function behind the route authenticates each request over its raw body, which an API Gateway authorizer never sees.',
      });
    }
    const logGroup = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/apigateway/whatsapp-${settings.stage}`,
      retention: settings.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      throttle: { rateLimit: settings.throttleRate, burstLimit: settings.throttleBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    this.url = `${stage.url.replace(/\/$/, '')}${webhookPath}`;
  }
}
