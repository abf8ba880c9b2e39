import { httpApiVariables, restApiVariables } from '../ingress/access-log-variables.ts';
import { type AccountRule, each, of, repeated, shaped, within } from './rule.ts';

const httpStage = 'AWS::ApiGatewayV2::Stage';
const restStage = 'AWS::ApiGateway::Stage';
const quotas =
  'API Gateway Developer Guide, "Quotas for configuring and running an HTTP API in API Gateway"';

const named = (format = '') =>
  [...format.matchAll(/\$context\.([\w.]+)/g)].map(([, name = '']) => name);

interface WebAclRule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly VisibilityConfig?: { readonly MetricName: string };
  readonly Statement: {
    readonly RateBasedStatement?: { readonly Limit: number; readonly EvaluationWindowSec?: number };
  };
}

/** Rules on APIs and their firewall. */
export const apiRules: readonly AccountRule[] = [
  each(
    httpStage,
    'an access log names variables of HTTP APIs only',
    'API Gateway Developer Guide, "Customize HTTP API access logs"',
    ({ AccessLogSettings: log }) =>
      named(log?.Format).every((name) => httpApiVariables.includes(name)),
    { AccessLogSettings: { Format: '$context.requestLength' } },
  ),
  each(
    restStage,
    'an access log names variables of REST APIs only',
    'API Gateway Developer Guide, "Variables for access logging for API Gateway"',
    ({ AccessLogSetting: log }) =>
      named(log?.Format).every((name) => restApiVariables.includes(name)),
    { AccessLogSetting: { Format: '$context.dataProcessed' } },
  ),
  each(
    httpStage,
    'the format of an access log has 3 KB at most',
    quotas,
    ({ AccessLogSettings: log }) => (log?.Format ?? '').length <= 3_072,
    { AccessLogSettings: { Format: 'x'.repeat(3_073) } },
  ),
  each(
    httpStage,
    'lets 10,000 requests a second and 5,000 at once through at most',
    'API Gateway Developer Guide, "Amazon API Gateway quotas", account-level throttling',
    ({ DefaultRouteSettings: settings = {} as Record<string, number> }) =>
      within(settings.ThrottlingRateLimit, 0, 10_000) &&
      within(settings.ThrottlingBurstLimit, 0, 5_000),
    { DefaultRouteSettings: { ThrottlingBurstLimit: 6_000 } },
  ),
  each(
    restStage,
    'lets 10,000 requests a second and 5,000 at once through at most',
    'API Gateway Developer Guide, "Amazon API Gateway quotas", account-level throttling',
    ({ MethodSettings: all = [] }) =>
      all.some(
        ({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }: Record<string, number>) =>
          rate !== undefined && within(rate, 0, 10_000) && within(burst, 0, 5_000),
      ),
    {},
  ),
  ...(
    [
      [
        'AWS::ApiGateway::DomainName',
        ({ SecurityPolicy }) => SecurityPolicy === 'TLS_1_2',
        { MutualTlsAuthentication: { TruststoreUri: 's3://a/b' } },
      ],
      [
        'AWS::ApiGatewayV2::DomainName',
        ({ DomainNameConfigurations: all = [] }) =>
          all.every((one: { SecurityPolicy?: string }) => one.SecurityPolicy === 'TLS_1_2'),
        { DomainNameConfigurations: [{}] },
      ],
    ] as const satisfies readonly (readonly [string, Parameters<typeof each>[3], object])[]
  ).map(([type, holds, broken]) =>
    each(
      type,
      'a domain has TLS 1.2 at least, which client certificates require',
      'API Gateway Developer Guide, "How to turn on mutual TLS authentication", Custom domain names',
      holds,
      broken,
    ),
  ),
  each(
    'AWS::ApiGatewayV2::Route',
    'a route key is $default, or a method and a path',
    'API Gateway Developer Guide, "Create routes for HTTP APIs in API Gateway"',
    ({ RouteKey }) =>
      /^(\$default|(ANY|GET|POST|PUT|PATCH|HEAD|OPTIONS|DELETE) \/([\w.-]+|\{[\w]+\+?\}|\/)*)$/.test(
        RouteKey,
      ),
    { RouteKey: 'POST webhooks' },
  ),
  {
    name: 'an HTTP API has 300 routes at most, each once',
    source: quotas,
    check: (resources) => {
      const keys = of(resources, 'AWS::ApiGatewayV2::Route').map(
        ([, { ApiId, RouteKey }]) => `${ApiId} ${RouteKey}`,
      );
      return [...repeated(keys), ...(keys.length > 300 ? ['too many'] : [])];
    },
    broken: {
      One: { Type: 'AWS::ApiGatewayV2::Route', Properties: {} },
      Two: { Type: 'AWS::ApiGatewayV2::Route', Properties: {} },
    },
  },
  each(
    'AWS::ApiGatewayV2::Integration',
    'waits 50 ms to 30 seconds',
    quotas,
    ({ TimeoutInMillis }) => within(TimeoutInMillis, 50, 30_000),
    { TimeoutInMillis: 40_000 },
  ),
  each(
    'AWS::WAFv2::WebACL',
    'each rule has a priority and a name of its own',
    'AWS WAF API Reference, "Rule"',
    ({ Rules }) =>
      repeated(Rules.map(({ Priority }: WebAclRule) => String(Priority))).length +
        repeated(Rules.map(({ Name }: WebAclRule) => Name)).length ===
      0,
    {
      Rules: [
        { Name: 'a', Priority: 0 },
        { Name: 'b', Priority: 0 },
      ],
    },
  ),
  each(
    'AWS::WAFv2::WebACL',
    'each rule has an action, or overrides that of its group',
    'AWS WAF API Reference, "Rule"',
    ({ Rules }) =>
      Rules.every(
        ({ Action, OverrideAction }: WebAclRule) =>
          (Action === undefined) !== (OverrideAction === undefined),
      ),
    { Rules: [{ Name: 'a' }] },
  ),
  each(
    'AWS::WAFv2::WebACL',
    'counts 10 to 2,000,000,000 requests in 1, 2, 5 or 10 minutes',
    'AWS WAF API Reference, "RateBasedStatement"',
    ({ Rules }) =>
      Rules.every(
        ({ Statement: { RateBasedStatement: rate } }: WebAclRule) =>
          !rate ||
          (within(rate.Limit, 10, 2e9) &&
            [60, 120, 300, 600].includes(rate.EvaluationWindowSec ?? 300)),
      ),
    { Rules: [{ Statement: { RateBasedStatement: { Limit: 1 } } }] },
  ),
  each(
    'AWS::WAFv2::WebACL',
    'the name of a metric has 1 to 128 letters, digits, - and _',
    'AWS WAF API Reference, "VisibilityConfig"',
    ({ Rules = [], VisibilityConfig: own }) =>
      [own, ...Rules.map(({ VisibilityConfig: its }: WebAclRule) => its)].every((config) =>
        shaped(config?.MetricName, /^[\w#:./-]{1,128}$/),
      ),
    { VisibilityConfig: { MetricName: 'a b' } },
  ),
];
