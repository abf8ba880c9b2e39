import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag.ts';
import type { Settings } from '../settings.ts';
import {
  accessLogFields,
  createAccessLog,
  failedIn,
  hasSecretsInUrls,
  type IngressEndpoint,
  type IngressEndpointProps,
  ownDomain,
  throttledIn,
  webhookPath,
  webhookPaths,
} from './ingress-endpoint.ts';

/** Seconds after which a sender may retry, in responses of the gateway itself, as in those of ingest. */
const retryAfter = { 'Retry-After': "'5'" };

/**
 * Creates a REST API behind AWS WAF. It costs more than an HTTP API, and rejects more requests before ingest.
 */
export function openRestApi(scope: Construct, props: IngressEndpointProps): IngressEndpoint {
  const { settings, ingest } = props;
  const domain = ownDomain(scope, settings);
  const accessLog = createAccessLog(scope, settings);
  const api = new RestApi(scope, 'RestApi', {
    restApiName: `whatsapp-${settings.stage}`,
    description: 'Receives webhooks of WAHA and Wawp',
    endpointTypes: [EndpointType.REGIONAL],
    // Required for access logs of REST APIs, once for each account and region.
    cloudWatchRole: true,
    policy: allowSources(settings.allowedSources),
    ...(domain && {
      disableExecuteApiEndpoint: true,
      domainName: { ...domain, securityPolicy: SecurityPolicy.TLS_1_2 },
    }),
    deployOptions: {
      stageName: settings.stage,
      throttlingRateLimit: settings.throttleRate,
      throttlingBurstLimit: settings.throttleBurst,
      accessLogDestination: new LogGroupLogDestination(accessLog),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      // The segment of a request contains its URL (X-Ray Developer Guide, "AWS X-Ray segment documents").
      tracingEnabled: (settings.tracing !== 'off' && !hasSecretsInUrls(settings)) || undefined,
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
      'Execution logs would hold the path, the query and the headers, which may contain secrets.',
    'Serverless-APIGWXrayEnabled':
      'X-Ray costs $5 for a million traces; the trace context travels in the events for those who collect it.',
    'AwsSolutions-COG4': 'Senders of webhooks are programs without a user pool.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The one policy that API Gateway documents for its role in an account.',
  });
  guardWithFirewall(scope, settings, api.deploymentStage);
  const metrics = {
    failed: failedIn(scope, accessLog, props),
    throttled: throttledIn(scope, accessLog, settings),
  };
  if (!domain) {
    return { url: `${api.url.replace(/\/$/, '')}${webhookPath}`, ...metrics };
  }
  return {
    url: `https://${settings.domainName}${webhookPath}`,
    dnsTarget: api.domainName?.domainNameAliasDomainName ?? '',
    ...metrics,
  };
}

/** A resource policy that allows only these networks to call the API. Undefined if all may. */
function allowSources(allowed: string): PolicyDocument | undefined {
  if (allowed === 'any') {
    return undefined;
  }
  const everyRoute = {
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/*'],
  };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...everyRoute, effect: Effect.ALLOW }),
      new PolicyStatement({
        ...everyRoute,
        effect: Effect.DENY,
        conditions: { NotIpAddress: { 'aws:SourceIp': allowed.split(',') } },
      }),
    ],
  });
}

/**
 * The AWS managed rules that are used. Rules that inspect bodies only count: a chat message may contain
 * anything, such as `<script>`, and events are larger than the 8 KB that the common rules allow. Two groups
 * are not used: the list of hosting providers, because senders run in data centres, and the rules on known
 * bad inputs, which would match the text of messages.
 */
const managedRules = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: [
      // Many programs that send webhooks set no user agent.
      'NoUserAgent_HEADER',
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
    ],
  },
] as const;

/** Seconds over which AWS WAF counts the requests of one IP address. */
const windowSeconds = 300;

/** Attaches a web ACL of AWS WAF to a REST API's stage. */
function guardWithFirewall(scope: Construct, settings: Settings, stage: Stage): void {
  const name = `whatsapp-${settings.stage}`;
  const acl = new CfnWebACL(scope, 'Firewall', {
    name,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visible(name),
    rules: [
      {
        name: 'RateOfOneAddress',
        priority: 0,
        action: { block: {} },
        // One sender may use the full throttle rate of the stage, but not more.
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            evaluationWindowSec: windowSeconds,
            limit: settings.throttleRate * windowSeconds,
          },
        },
        visibilityConfig: visible('RateOfOneAddress'),
      },
      ...managedRules.map((rules, index) => ({
        name: rules.name,
        priority: index + 1,
        overrideAction: { none: {} },
        statement: {
          managedRuleGroupStatement: {
            vendorName: 'AWS',
            name: rules.name,
            ruleActionOverrides: rules.counted.map((rule) => ({
              name: rule,
              actionToUse: { count: {} },
            })),
          },
        },
        visibilityConfig: visible(rules.name),
      })),
    ],
  });
  new CfnWebACLAssociation(scope, 'FirewallOfStage', {
    resourceArn: stage.stageArn,
    webAclArn: acl.attrArn,
  });
}

/**
 * Metrics only, no sampled requests: samples would show paths, queries and headers, which may contain
 * secrets.
 */
const visible = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
