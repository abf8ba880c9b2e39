import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { synthesizeTemplate } from './synthesize-app.ts';

const layer = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:layer:${name}:8`;
const functionsOf = (template: Template) => {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(functions.length).toBeGreaterThan(5);
  return functions.map(({ Properties }) => Properties);
};

/** The properties of the stage of a REST API with these settings. */
const stageOf = (settings: object) =>
  Object.values(
    synthesizeTemplate({ ingress: 'rest-api', ...settings }).findResources(
      'AWS::ApiGateway::Stage',
    ),
  )[0]?.Properties;

describe('the setting "tracing"', () => {
  test('by default traces nothing, and no function may write to X-Ray', () => {
    const template = synthesizeTemplate();
    for (const properties of functionsOf(template)) {
      expect(properties).not.toHaveProperty('TracingConfig');
      expect(properties).not.toHaveProperty('Layers');
      expect(properties.Environment.Variables).not.toHaveProperty('TRACING');
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('xray:');
  });

  test('with xray traces each function, which may only write segments', () => {
    const template = synthesizeTemplate({ tracing: 'xray' });
    for (const properties of functionsOf(template)) {
      expect(properties.TracingConfig).toEqual({ Mode: 'Active' });
      expect(properties).not.toHaveProperty('Layers');
      expect(properties.Environment.Variables).toMatchObject({ TRACING: 'xray' });
    }
    const actions = JSON.stringify(template.toJSON()).match(/xray:\w+/g);
    expect(new Set(actions)).toEqual(
      new Set(['xray:PutTraceSegments', 'xray:PutTelemetryRecords']),
    );
  });

  test.each([
    ['AWSOpenTelemetryDistroJs', '/opt/otel-instrument'],
    ['opentelemetry-nodejs-0_19_0', '/opt/otel-handler'],
  ])('with otel puts the layer %s into each function, with its wrapper', (name, wrapper) => {
    const template = synthesizeTemplate({
      tracing: 'otel',
      otelLayerArn: layer(name),
      authentication: 'hmac',
    });
    for (const properties of functionsOf(template)) {
      expect(properties.TracingConfig).toEqual({ Mode: 'Active' });
      expect(properties.Layers).toEqual([layer(name)]);
      expect(properties.Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER).toBe(wrapper);
    }
  });

  test.each([
    [{ tracing: 'otel' }],
    [{ otelLayerArn: layer('x') }],
    [{ tracing: 'xray', otelLayerArn: layer('x') }],
  ])('is refused if it contradicts `otelLayerArn`: %j', (settings) => {
    expect(() => synthesizeTemplate(settings)).toThrow('contradict each other');
  });

  test('with a REST API traces its requests too', () => {
    const authentication = 'hmac';
    expect(stageOf({ tracing: 'xray', authentication }).TracingEnabled).toBe(true);
    expect(stageOf({ authentication }).TracingEnabled).toBeUndefined();
  });

  describe.each([{}, { authentication: 'secret' }])(
    'records no URL where it may contain a secret: %j',
    (authentication) => {
      test.each([
        { tracing: 'xray' },
        { tracing: 'otel', otelLayerArn: layer('AWSOpenTelemetryDistroJs') },
      ])('a REST API does not trace its requests with $tracing', (tracing) => {
        expect(stageOf({ ...authentication, ...tracing })).not.toHaveProperty('TracingEnabled');
      });

      test('ingest has no layer, and its invocations are still traced', () => {
        const otelLayerArn = layer('AWSOpenTelemetryDistroJs');
        const template = synthesizeTemplate({ ...authentication, tracing: 'otel', otelLayerArn });
        const [ingest, ...others] = functionsOf(template).sort((one) =>
          one.FunctionName === 'whatsapp-dev-ingest' ? -1 : 1,
        );
        expect(ingest.FunctionName).toBe('whatsapp-dev-ingest');
        expect(ingest).not.toHaveProperty('Layers');
        expect(ingest.TracingConfig).toEqual({ Mode: 'Active' });
        const { Variables } = ingest.Environment;
        expect(Variables.TRACING).toBe('otel');
        expect(Object.keys(Variables).filter((name) => /OTEL|EXEC_WRAPPER/.test(name))).toEqual([]);
        for (const { Layers } of others) {
          expect(Layers).toEqual([otelLayerArn]);
        }
      });
    },
  );
});
