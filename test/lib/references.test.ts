import { describe, expect, test } from '@jest/globals';
import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { WhatsAppEventFanout, type WhatsAppEventFanoutProps } from '../../lib/fanout-stack.ts';
import { isReference } from '../../lib/schema.ts';

/** A stack with the pipeline, whose props refer to the parameters of the stack. */
function synthesize(propsOf: (reference: (name: string) => string) => WhatsAppEventFanoutProps) {
  const app = new App({
    context: { 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Mine');
  const reference = (name: string) => new CfnParameter(stack, name).valueAsString;
  new WhatsAppEventFanout(stack, 'WhatsApp', { consumers: {}, ...propsOf(reference) });
  return Template.fromStack(stack);
}

const row = { summary: 'Orders', categories: ['messages'] } as const;

describe('a reference to another resource of the stack', () => {
  test('is recognized as CDK does', () => {
    const { account, region } = new Stack();
    for (const value of [account, `arn:aws:events:${region}:${account}:event-bus/a`, 'arn', 5]) {
      expect(isReference(value)).toBe(Token.isUnresolved(value));
    }
  });

  test('can be the bus, the endpoint and the secret of a consumer', () => {
    const template = synthesize((reference) => ({
      consumers: {
        far: { ...row, kind: 'bus', busArn: reference('BusArn') },
        hook: {
          ...row,
          kind: 'https',
          endpoint: `${reference('ApiUrl')}/hook`,
          secretName: reference('SecretName'),
        },
      },
    }));
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [{ Arn: { Ref: 'BusArn' } }],
    });
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      InvocationEndpoint: { 'Fn::Join': ['', [{ Ref: 'ApiUrl' }, '/hook']] },
    });
    const connections = Object.values(template.findResources('AWS::Events::Connection'));
    expect(JSON.stringify(connections)).toContain('{"Ref":"SecretName"}');
  });

  test.each(['http-api', 'rest-api'] as const)(
    'can be the domain, the certificate and the mail address (%s)',
    (ingress) => {
      const template = synthesize((reference) => ({
        settings: {
          ingress,
          domainName: reference('Domain'),
          certificateArn: reference('Certificate'),
          alarmEmail: reference('Mail'),
        },
      }));
      const [type, certificate] =
        ingress === 'http-api'
          ? ['AWS::ApiGatewayV2::DomainName', 'DomainNameConfigurations']
          : ['AWS::ApiGateway::DomainName', 'RegionalCertificateArn'];
      const [domain] = Object.values(template.findResources(type));
      expect(domain?.Properties.DomainName).toEqual({ Ref: 'Domain' });
      expect(JSON.stringify(domain?.Properties[certificate])).toContain('{"Ref":"Certificate"}');
      template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: { Ref: 'Mail' } });
    },
  );

  test('is refused where its value is needed at synthesis, and is then called a reference', () => {
    expect(() =>
      synthesize((reference) => ({ settings: { shareBusWith: reference('Account') } })),
    ).toThrow(
      'The setting "shareBusWith" is a CDK reference, which has no value at synthesis, but must be none, or ids of accounts',
    );
    const withHeader = (secretHeader: string): ConsumerRow => ({
      ...row,
      kind: 'https',
      endpoint: 'https://example.com',
      secretHeader,
    });
    expect(() =>
      synthesize((reference) => ({ consumers: { hook: withHeader(reference('Header')) } })),
    ).toThrow(
      'The consumer "hook" has secretHeader a CDK reference, which has no value at synthesis, but it must be a header name',
    );
  });
});
