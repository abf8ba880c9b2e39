import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { createApp } from '../synthesize-app.ts';

const apps = new Map<string, ReturnType<typeof createApp>>();

/** Each app is synthesized once. */
function appWith(context: Record<string, unknown> = {}) {
  const key = JSON.stringify(context);
  const app = apps.get(key) ?? createApp(context);
  apps.set(key, app);
  return app;
}

const synthesizeTemplate = (context?: Record<string, unknown>) =>
  Template.fromStack(appWith(context).stack);

const domain = {
  domainName: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333',
};
const mutualTls = { ...domain, truststoreUri: 's3://trust/authorities.pem' };
const allowedSources = '203.0.113.0/24,2001:db8::/32';

const options: Readonly<Record<string, Record<string, unknown>>> = {
  'HTTP API': {},
  'HTTP API at a domain that asks for client certificates': mutualTls,
  'REST API': { ingress: 'rest-api' },
  'REST API at a domain that asks for client certificates, for two networks': {
    ingress: 'rest-api',
    allowedSources,
    ...mutualTls,
  },
  'function URL': { ingress: 'function-url', ingestConcurrency: 20 },
};

/** The part of a template that belongs to the endpoint, without what changes with every source file. */
function ingressOf(context: Record<string, unknown>) {
  const { Resources, Outputs } = synthesizeTemplate(context).toJSON();
  const isIngresses = ([id]: [string, unknown]) => id.startsWith('FanoutFrontDoor');
  const ofUrl = Object.entries(Resources as Record<string, { Type: string }>).filter(
    ([id, { Type }]) => id.includes('Ingest') && /Lambda::(Url|Permission)/.test(Type),
  );
  const entries = [...Object.entries(Resources).filter(isIngresses), ...ofUrl];
  const plain = entries.map(([id, resource]) => [
    id.replace(/(Deployment[A-Za-z]+)[0-9A-F]{8}[0-9a-f]{32}/, '$1'),
    { ...(resource as object), Metadata: undefined },
  ]);
  const text = JSON.stringify({ url: Outputs.WebhookUrl.Value, ...Object.fromEntries(plain) });
  return JSON.parse(text.replace(/([A-Za-z]+Deployment[0-9A-F]{8})[0-9a-f]{32}/g, '$1'));
}

describe.each(Object.entries(options))('the endpoint as %s', (_name, context) => {
  test('has the reviewed template', () => {
    expect(ingressOf(context)).toMatchSnapshot();
  });

  test('has no open finding of cdk-nag', () => {
    const { app } = appWith(context);
    for (const Checks of [AwsSolutionsChecks, ServerlessChecks]) {
      expect(new Checks(app).validateScope(app).violations).toEqual([]);
    }
  });
});

describe('the endpoint', () => {
  test('accepts a secret in the path unless only signatures are accepted', () => {
    const keys = (context: object) =>
      Object.values(
        synthesizeTemplate({ ...context }).findResources('AWS::ApiGatewayV2::Route'),
      ).map(({ Properties }) => Properties.RouteKey);
    expect(keys({}).sort()).toEqual([
      'POST /webhooks',
      'POST /webhooks/',
      'POST /webhooks/{secret}',
      'POST /webhooks/{secret}/',
    ]);
    expect(keys({ authentication: 'hmac' }).sort()).toEqual(['POST /webhooks', 'POST /webhooks/']);
  });

  test('with mutual TLS cannot be reached by another name without it', () => {
    synthesizeTemplate(mutualTls).hasResourceProperties('AWS::ApiGatewayV2::Api', {
      DisableExecuteApiEndpoint: true,
    });
    synthesizeTemplate({ ingress: 'rest-api', ...mutualTls }).hasResourceProperties(
      'AWS::ApiGateway::RestApi',
      { DisableExecuteApiEndpoint: true },
    );
  });

  test('as REST API has Retry-After in its own 429 and 5xx', () => {
    const template = synthesizeTemplate({ ingress: 'rest-api' });
    for (const ResponseType of ['THROTTLED', 'DEFAULT_5XX']) {
      template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType,
        ResponseParameters: { 'gatewayresponse.header.Retry-After': "'5'" },
      });
    }
  });

  test('as REST API has a firewall that does not block chat messages by their content', () => {
    const template = synthesizeTemplate({ ingress: 'rest-api', throttleRate: 40 });
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const text = JSON.stringify(acl?.Properties.Rules);
    const bodyRules = text.match(/[A-Za-z0-9]+_BODY/g) ?? [];
    expect(bodyRules.length).toBeGreaterThan(3);
    // A sender may name no user agent: Node's own client does not.
    expect(text).toContain('{"ActionToUse":{"Count":{}},"Name":"NoUserAgent_HEADER"}');
    for (const rule of bodyRules) {
      expect(text).toContain(`{"ActionToUse":{"Count":{}},"Name":"${rule}"}`);
    }
    expect(text).toContain('"Limit":12000');
    expect(text).not.toContain('"SampledRequestsEnabled":true');
  });

  test('as REST API logs no path, query or header', () => {
    synthesizeTemplate({ ingress: 'rest-api' }).hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: { Format: Match.not(Match.stringLikeRegexp('path|query|header|Path')) },
      MethodSettings: [Match.objectLike({ DataTraceEnabled: false, LoggingLevel: Match.absent() })],
    });
  });

  test('can reserve concurrency for ingest', () => {
    synthesizeTemplate({ ingestConcurrency: 20 }).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-ingest',
      ReservedConcurrentExecutions: 20,
    });
    synthesizeTemplate().hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-ingest',
      ReservedConcurrentExecutions: Match.absent(),
    });
  });
});
