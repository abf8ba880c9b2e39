import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag.ts';
import { createAccessLog, httpApiLogFields } from './access-log.ts';
import { type Door, type DoorProps, ownDomain, webhookPath, webhookPaths } from './door-props.ts';

/** The HTTP API with its routes, throttled, and logged without anything secret. */
export function openHttpApi(scope: Construct, { settings, ingest }: DoorProps): Door {
  const domain = ownDomain(scope, settings);
  const api = new HttpApi(scope, 'Api', {
    apiName: `whatsapp-${settings.stage}`,
    description: 'Takes webhooks of WAHA and Wawp',
    createDefaultStage: false,
    // Behind the API's other name nobody would ask for a client certificate.
    ...(domain && { disableExecuteApiEndpoint: true }),
  });
  const integration = new HttpLambdaIntegration('Ingest', ingest);
  for (const path of webhookPaths(settings)) {
    for (const route of api.addRoutes({ path, methods: [HttpMethod.POST], integration })) {
      acknowledge(route, {
        'AwsSolutions-APIG4':
          'The function behind the route authenticates each request over its raw body, which an API Gateway authorizer never sees.',
      });
    }
  }
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit: settings.throttleRate, burstLimit: settings.throttleBurst },
    accessLogSettings: {
      destination: new LogGroupLogDestination(createAccessLog(scope, settings)),
      format: AccessLogFormat.custom(JSON.stringify(httpApiLogFields)),
    },
  });
  if (!domain) return { url: `${stage.url.replace(/\/$/, '')}${webhookPath}` };
  const domainName = new DomainName(scope, 'Domain', domain);
  new ApiMapping(scope, 'Mapping', { api, domainName, stage });
  return {
    url: `https://${settings.domainName}${webhookPath}`,
    dnsTarget: domainName.regionalDomainName,
  };
}
