import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag.ts';
import { accessLogFields, createAccessLog } from './access-log.ts';
import { allowSources } from './allow-sources.ts';
import { type Door, type DoorProps, webhookPath, webhookPaths } from './door-props.ts';
import { guardWithFirewall } from './firewall.ts';
import { ownDomain } from './own-domain.ts';

/** Seconds after which a sender may try again, in the gateway's own answers as in ingest's. */
const retryAfter = { 'Retry-After': "'5'" };

/** A REST API behind a web application firewall: dearer than an HTTP API, and refuses more before ingest. */
export function openRestApi(scope: Construct, { settings, ingest }: DoorProps): Door {
  const domain = ownDomain(scope, settings);
  const api = new RestApi(scope, 'RestApi', {
    restApiName: `whatsapp-${settings.stage}`,
    description: 'Takes webhooks of WAHA and Wawp',
    endpointTypes: [EndpointType.REGIONAL],
    // Access logs of REST APIs need it, once for each account and region.
    cloudWatchRole: true,
    policy: allowSources(settings.allowedSources),
    ...(domain && { disableExecuteApiEndpoint: true, domainName: domain }),
    deployOptions: {
      stageName: settings.stage,
      throttlingRateLimit: settings.throttleRate,
      throttlingBurstLimit: settings.throttleBurst,
      accessLogDestination: new LogGroupLogDestination(createAccessLog(scope, settings)),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
    },
  });
  const integration = new LambdaIntegration(ingest, { allowTestInvoke: false });
  for (const path of webhookPaths(settings)) {
    api.root.resourceForPath(path).addMethod('POST', integration);
  }
  api.addGatewayResponse('Throttled', {
    type: ResponseType.THROTTLED,
    responseHeaders: retryAfter,
  });
  api.addGatewayResponse('Failed', { type: ResponseType.DEFAULT_5XX, responseHeaders: retryAfter });
  acknowledge(api, {
    'AwsSolutions-APIG2':
      'Ingest checks a body only when it has authenticated its bytes, and keeps what it cannot read.',
    'AwsSolutions-APIG4':
      'The function behind the API authenticates each request over its raw body, which an API Gateway authorizer never sees.',
    'AwsSolutions-APIG6':
      'Execution logs would hold the path, the query and the headers, where secrets stand.',
    'Serverless-APIGWXrayEnabled':
      'X-Ray costs $5 for a million traces; the trace context travels in the events for those who collect it.',
    'AwsSolutions-COG4': 'Senders of webhooks are programs without a user pool.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The one policy that API Gateway documents for its role in an account.',
  });
  guardWithFirewall(scope, settings, api.deploymentStage);
  if (!domain) return { url: `${api.url.replace(/\/$/, '')}${webhookPath}` };
  return {
    url: `https://${settings.domainName}${webhookPath}`,
    dnsTarget: api.domainName?.domainNameAliasDomainName ?? '',
  };
}
