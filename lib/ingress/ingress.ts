import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  CfnRoute,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';
import {
  createAccessLog,
  failedIn,
  httpApiLogFields,
  type IngressEndpoint,
  type IngressEndpointProps,
  ownDomain,
  refusedBy,
  throttledIn,
  webhookPath,
  webhookPaths,
} from './ingress-endpoint.ts';
import { openRestApi } from './rest-api.ts';

const sum = { statistic: 'Sum' };

/** The function that creates each kind of endpoint. */
const ingresses = {
  'http-api': openHttpApi,
  'rest-api': openRestApi,
  'function-url': openFunctionUrl,
} as const satisfies Record<
  Settings['ingress'],
  (scope: Construct, props: IngressEndpointProps) => IngressEndpoint
>;

/** The endpoint that receives webhooks and invokes ingest. */
export class Ingress extends Construct implements IngressEndpoint {
  /** The URL that senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string | undefined;
  /** Webhooks that failed: see {@link IngressMetrics.failed}. */
  readonly failed: Metric | MathExpression;
  /** Webhooks that the endpoint answered 429 without invoking ingest. */
  readonly throttled: Metric;

  constructor(scope: Construct, id: string, props: IngressEndpointProps) {
    super(scope, id);
    const { url, dnsTarget, failed, throttled } = ingresses[props.settings.ingress](this, props);
    this.url = url;
    this.dnsTarget = dnsTarget;
    this.failed = failed;
    this.throttled = throttled;
  }
}

const withoutAuthorizer = {
  'AwsSolutions-APIG4':
    'The function behind the route authenticates each request over its raw body, which an API Gateway authorizer never sees.',
};

/** Creates the HTTP API with its routes, throttling, and an access log without secrets. */
function openHttpApi(scope: Construct, props: IngressEndpointProps): IngressEndpoint {
  const { settings, ingest } = props;
  const domain = ownDomain(scope, settings);
  const api = new HttpApi(scope, 'Api', {
    apiName: `whatsapp-${settings.stage}`,
    description: 'Receives webhooks of WAHA and Wawp',
    createDefaultStage: false,
    // The API's default endpoint does not require a client certificate.
    ...(domain && { disableExecuteApiEndpoint: true }),
  });
  const integration = new HttpLambdaIntegration('Ingest', ingest);
  // For an HTTP API a path with a trailing slash is another path. CDK's route construct does not accept one.
  for (const path of webhookPaths(settings)) {
    for (const route of api.addRoutes({ path, methods: [HttpMethod.POST], integration })) {
      acknowledge(route, withoutAuthorizer);
      const withSlash = new CfnRoute(route, 'WithSlash', {
        apiId: api.apiId,
        routeKey: `POST ${path}/`,
        target: (route.node.defaultChild as CfnRoute).target,
      });
      acknowledge(withSlash, withoutAuthorizer);
    }
  }
  ingest.addPermission('WithSlash', {
    scope: api,
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: api.arnForExecuteApi('POST', `${webhookPath}*`),
  });
  const accessLog = createAccessLog(scope, settings);
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit: settings.throttleRate, burstLimit: settings.throttleBurst },
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLog),
      format: AccessLogFormat.custom(JSON.stringify(httpApiLogFields)),
    },
  });
  const metrics = {
    failed: failedIn(scope, accessLog, props),
    throttled: throttledIn(scope, accessLog, settings),
  };
  if (!domain) {
    return { url: `${stage.url.replace(/\/$/, '')}${webhookPath}`, ...metrics };
  }
  const domainName = new DomainName(scope, 'Domain', {
    ...domain,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  new ApiMapping(scope, 'Mapping', { api, domainName, stage });
  return {
    url: `https://${settings.domainName}${webhookPath}`,
    dnsTarget: domainName.regionalDomainName,
    ...metrics,
  };
}

/**
 * Creates a function URL. There is no API to pay for, and no throttle except the reserved concurrency of
 * ingest. The function itself checks method, path, source network and authentication.
 */
function openFunctionUrl(scope: Construct, props: IngressEndpointProps): IngressEndpoint {
  const { ingest } = props;
  const { url } = ingest.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  return {
    // The URL ends with a slash.
    url: `${url}webhooks`,
    // A function URL has no access log, and its own metric of 5xx also counts `in-progress`. Arithmetic treats
    // missing values as 0 (CloudWatch User Guide, "Using math expressions with CloudWatch metrics").
    failed: new MathExpression({
      expression: 'crashed + refused',
      usingMetrics: { crashed: ingest.metricErrors(sum), refused: refusedBy(scope, props) },
    }),
    // A function URL answers 429 where Lambda throttles the function.
    throttled: ingest.metricThrottles(sum),
  };
}
