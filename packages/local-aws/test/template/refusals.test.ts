import { afterAll, describe, expect, test } from '@jest/globals';
import type { TemplateResource } from '../../src/template/template.ts';
import { cleanUp, inlineFunction, runTemplates } from './run-template.ts';

afterAll(cleanUp);

const start = (Resources: Record<string, TemplateResource>) => runTemplates({ App: { Resources } });

describe('resources that cannot run on one machine', () => {
  test.each<[string, TemplateResource, RegExp]>([
    [
      'a service that is not here',
      { Type: 'AWS::Kinesis::Stream' },
      /Thing \(AWS::Kinesis::Stream\): the local run does not have this type of Kinesis/,
    ],
    ['a custom resource', { Type: 'Custom::Anything' }, /Thing \(Custom::Anything\): a custom/],
    [
      'a custom resource by its other name',
      { Type: 'AWS::CloudFormation::CustomResource' },
      /Thing .*custom resource/,
    ],
    ['a nested stack', { Type: 'AWS::CloudFormation::Stack' }, /Thing .*nested stacks/],
    ['an unknown type', { Type: 'constructor' }, /Thing \(constructor\): this type is not known/],
    [
      'a topic that moves events',
      { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'sqs', TopicArn: 'arn' } },
      /Thing \(AWS::SNS::Subscription\): sends to sqs.*EventBridge rule/,
    ],
    [
      'a function in another language',
      { ...inlineFunction(''), Properties: { Runtime: 'python3.13', Code: { ZipFile: '' } } },
      /Thing \(AWS::Lambda::Function\): has the runtime python3.13/,
    ],
    [
      'a function with layers',
      inlineFunction('', { Layers: ['arn:aws:lambda:us-east-1:1:layer:x:1'] }),
      /Thing .*layers/,
    ],
    [
      'a function with a file system',
      inlineFunction('', { FileSystemConfigs: [{ Arn: 'arn', LocalMountPath: '/mnt/a' }] }),
      /Thing .*EFS/,
    ],
    [
      'a function URL that streams',
      {
        Type: 'AWS::Lambda::Url',
        Properties: { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM', TargetFunctionArn: 'f' },
      },
      /Thing .*BUFFERED/,
    ],
    [
      'an integration of an HTTP API with the older payload format',
      {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:f',
          PayloadFormatVersion: '1.0',
        },
      },
      /Thing.*payload format 1\.0/,
    ],
    [
      'an HTTP API made of an OpenAPI document',
      { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Body: {} } },
      /Thing.*OpenAPI/,
    ],
    [
      'a REST API with binary media types',
      { Type: 'AWS::ApiGateway::RestApi', Properties: { BinaryMediaTypes: ['*/*'] } },
      /Thing.*binary media types/,
    ],
    [
      'a bucket with notifications',
      {
        Type: 'AWS::S3::Bucket',
        Properties: { NotificationConfiguration: { EventBridgeConfiguration: {} } },
      },
      /Thing .*notifications/,
    ],
    [
      'a function URL for signed callers',
      { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: 'f' } },
      /Thing .*IAM/,
    ],
    [
      'an event source that is no queue',
      {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: 'f', EventSourceArn: 'arn:aws:kinesis:us-east-1:1:stream/x' },
      },
      /Thing .*queues as event sources only/,
    ],
    [
      'a rule whose target is not here',
      {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['a'] },
          Targets: [{ Id: 'T', Arn: 'arn:aws:sns:us-east-1:000000000000:topic' }],
        },
      },
      /Thing \(AWS::Events::Rule\): Target T cannot be used/,
    ],
    [
      'a rule whose pattern is wrong',
      { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: 'a' } } },
      /Thing \(AWS::Events::Rule\): Event pattern is not valid/,
    ],
    [
      'a queue whose attributes are wrong',
      { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 99_999 } },
      /Thing \(AWS::SQS::Queue\): .*VisibilityTimeout/,
    ],
    [
      'a parameter without a value',
      { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nowhere' } } },
      /Thing \(AWS::SQS::Queue\): refers to Nowhere/,
    ],
  ])('%s is refused by its logical id, with what to do', async (_name, resource, message) => {
    await expect(start({ Thing: resource })).rejects.toThrow(message);
  });

  test('all of it is reported at once, with how to exclude it', async () => {
    const failure = start({
      Stream: { Type: 'AWS::Kinesis::Stream' },
      Machine: { Type: 'AWS::StepFunctions::StateMachine' },
      Queue: { Type: 'AWS::SQS::Queue' },
    });
    await expect(failure).rejects.toThrow(/Stream .*\n.*Machine .*\n.*"fanout:local": "ignore"/);
    await expect(failure).rejects.not.toThrow(/Queue/);
  });
});

describe('a mapping from a queue to a function', () => {
  const mapping = (EventSourceArn: unknown) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: 'Handler' }, EventSourceArn },
  });
  const queueArn = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const Queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } };

  test('is refused if messages become visible again while the function runs', async () => {
    const Handler = inlineFunction('', { Timeout: 61 });
    await expect(start({ Handler, Queue, Mapping: mapping(queueArn) })).rejects.toThrow(
      'Mapping (AWS::Lambda::EventSourceMapping): Queue visibility timeout: 60 seconds is less than Function timeout: 61 seconds',
    );
    const run = await start({
      Handler: inlineFunction('', { Timeout: 60 }),
      Queue,
      Mapping: mapping(queueArn),
    });
    await run.close();
  });

  test('is refused if the queue does not exist', async () => {
    const Handler = inlineFunction('');
    const nowhere = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
    await expect(start({ Handler, Mapping: mapping(nowhere) })).rejects.toThrow(
      /Mapping .*The specified queue does not exist/,
    );
  });
});

describe('resources without effect here', () => {
  test('are ignored, and reported once for each type with the reason', async () => {
    const run = await start({
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [{ Ref: 'Topic' }] } },
      Topic: { Type: 'AWS::SNS::Topic' },
      Mail: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'email' } },
      Role: { Type: 'AWS::IAM::Role' },
      Other: { Type: 'AWS::IAM::Role' },
    });
    const [stack] = run.stacks;
    expect(Object.fromEntries(stack?.ignored ?? [])).toEqual({
      'AWS::CloudWatch::Alarm': 'no metrics are kept locally',
      'AWS::SNS::Topic': 'notifications are not sent locally',
      'AWS::IAM::Role': 'permissions are not enforced locally',
    });
    await run.close();
  });

  test('a resource that the app excludes is left out, whatever its type is', async () => {
    const run = await start({
      Stream: { Type: 'AWS::Kinesis::Stream', Metadata: { 'fanout:local': 'ignore' } },
    });
    expect([...(run.stacks[0]?.ignored.keys() ?? [])]).toEqual(['AWS::Kinesis::Stream (Stream)']);
    await run.close();
  });
});
