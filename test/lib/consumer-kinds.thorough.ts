import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { pattern } from '../../events/pattern.ts';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { createApp } from './synthesize-app.ts';
import { idBelow, statementsBelow } from './template-policies.ts';

const otherBus = 'arn:aws:events:eu-west-1:123456789012:event-bus/other';

const rows: Readonly<Record<string, ConsumerRow>> = {
  worker: {
    kind: 'function',
    summary: 'A function with every setting',
    categories: ['messages'],
    entry: 'lambdas/consumers/messages.ts',
    batchSize: 100,
    batchWindowSeconds: 20,
    concurrency: 3,
    timeoutSeconds: 10,
    memoryMb: 333,
    maxReceiveCount: 7,
    retentionDays: 2,
    retryAttempts: 9,
    maxAgeMinutes: 5,
    environment: { GREETING: 'hello' },
    permissions: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::mine/one'] }],
  },
  polled: {
    kind: 'queue',
    summary: 'A queue that another account reads',
    categories: ['groups'],
    visibilityTimeoutSeconds: 60,
    readableBy: ['123456789012'],
  },
  hook: {
    kind: 'https',
    summary: 'An endpoint',
    categories: ['calls'],
    endpoint: 'https://example.com/hook',
    method: 'PUT',
    secretHeader: 'X-Secret',
    ratePerSecond: 5,
    retryAttempts: 3,
    maxAgeMinutes: 10,
  },
  known: {
    kind: 'https',
    summary: 'An endpoint with a secret that is there',
    categories: ['calls'],
    endpoint: 'https://example.com/hook',
    secretName: 'team/hook',
  },
  copy: { kind: 'bus', summary: 'Another bus', categories: ['polls'], busArn: otherBus },
  lake: {
    kind: 'firehose',
    summary: 'Files',
    categories: ['chats'],
    bufferSeconds: 60,
    expireDays: 30,
  },
  own: {
    kind: 'target',
    summary: 'A target of my own',
    pattern: pattern({ type: 'message', where: { 'meta.fromMe': false } }),
    target: (undeliverable) => new SqsQueue(undeliverable),
    retryAttempts: 2,
  },
};

const { app, stack } = createApp({}, rows);
const template = Template.fromStack(stack);
const consumer = (name: string) => `FanoutConsumers${name}`;
const undeliverable = {
  'Fn::GetAtt': [idBelow(template, 'FanoutEventBusUndeliverable', 'AWS::SQS::Queue'), 'Arn'],
};

/** The properties of the one rule of a consumer, and of its one target. */
function ruleOf(name: string) {
  const id = idBelow(template, consumer(name), 'AWS::Events::Rule');
  const { Properties } = template.findResources('AWS::Events::Rule')[id] ?? {};
  expect(Properties.Targets).toHaveLength(1);
  return { rule: Properties, target: Properties.Targets[0] };
}

const arnOf = (name: string, type: string) => ({
  'Fn::GetAtt': [idBelow(template, consumer(name), type), 'Arn'],
});

test('every finding of cdk-nag, for each kind, is acknowledged with a reason', () => {
  for (const Checks of [AwsSolutionsChecks, ServerlessChecks]) {
    expect(new Checks(app).validateScope(app).violations).toEqual([]);
  }
});

test.each(Object.keys(rows))(
  'an event that cannot be delivered to %s goes to the undeliverable queue',
  (name) => {
    expect(ruleOf(name).target.DeadLetterConfig).toEqual({ Arn: undeliverable });
  },
);

describe('a function', () => {
  test('has the delivery settings of its row', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 20,
      ScalingConfig: { MaximumConcurrency: 3 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'whatsapp-dev-worker',
      MessageRetentionPeriod: 2 * 86_400,
      VisibilityTimeout: 6 * 10 + 20,
      RedrivePolicy: { maxReceiveCount: 7 },
    });
    expect(ruleOf('worker').target.RetryPolicy).toEqual({
      MaximumRetryAttempts: 9,
      MaximumEventAgeInSeconds: 300,
    });
  });

  test('has its memory, timeout and environment, beside the stack’s own variables', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-worker',
      MemorySize: 333,
      Timeout: 10,
      Environment: { Variables: { GREETING: 'hello', CONSUMER: 'worker', MAX_RECEIVE_COUNT: '7' } },
    });
  });

  test('has the beginning of a summary that is too long for a description of Lambda', () => {
    const summary = `${'a'.repeat(254)}👍${'b'.repeat(144)}`;
    const { stack } = createApp({}, { worker: { ...rows.worker, summary } as ConsumerRow });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'whatsapp-dev-worker',
      Description: `${'a'.repeat(254)}…`,
    });
    template.hasResourceProperties('AWS::Events::Rule', { Description: summary });
  });

  test('keeps its options of Node.js, and cannot set a variable of the setting "tracing"', () => {
    const withVariable = (environment: Record<string, string>, context: object) =>
      createApp({ ...context }, { worker: { ...rows.worker, environment } as ConsumerRow }).stack;
    const options = { NODE_OPTIONS: '--no-warnings' };
    Template.fromStack(withVariable(options, { handlerErrors: 'full' })).hasResourceProperties(
      'AWS::Lambda::Function',
      { Environment: { Variables: { NODE_OPTIONS: '--no-warnings --enable-source-maps' } } },
    );
    const otelLayerArn = 'arn:aws:lambda:eu-west-1:123456789012:layer:otel:1';
    expect(() =>
      withVariable({ AWS_LAMBDA_EXEC_WRAPPER: '/opt/mine' }, { tracing: 'otel', otelLayerArn }),
    ).toThrow(
      'The environment of whatsapp-dev-worker has AWS_LAMBDA_EXEC_WRAPPER, which the setting "tracing" (otel) sets too',
    );
  });

  test('may consume its queue and use the permissions of its row, and nothing else', () => {
    const actions = statementsBelow(template, consumer('worker')).flatMap(({ Action }) => Action);
    expect([...actions].sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });
});

describe('a queue', () => {
  test('can be read by the named account only, and written by no other', () => {
    const policy = template.findResources('AWS::SQS::QueuePolicy');
    const [{ Properties } = { Properties: {} }] = Object.entries(policy)
      .filter(([id]) => id.startsWith(`${consumer('polled')}QueuePolicy`))
      .map(([, resource]) => resource);
    const allowed = (Properties.PolicyDocument.Statement as { Effect: string }[]).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    const readers = allowed.filter((statement) => !('Condition' in statement));
    expect(readers).toEqual([
      {
        Effect: 'Allow',
        Action: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
          'sqs:ReceiveMessage',
        ],
        Principal: {
          AWS: {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::123456789012:root']],
          },
        },
        Resource: expect.anything(),
      },
    ]);
    const writers = allowed.filter((statement) => 'Condition' in statement);
    for (const writer of writers) {
      expect(writer).toMatchObject({ Principal: { Service: 'events.amazonaws.com' } });
      expect(JSON.stringify(writer)).toContain('"aws:SourceArn"');
    }
  });

  test('has the visibility timeout of its row', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'whatsapp-dev-polled',
      VisibilityTimeout: 60,
    });
  });
});

describe('an HTTPS endpoint', () => {
  test('is called at its rate, with a generated secret in its header', () => {
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      Name: 'whatsapp-dev-hook',
      HttpMethod: 'PUT',
      InvocationEndpoint: 'https://example.com/hook',
      InvocationRateLimitPerSecond: 5,
    });
    const secret = idBelow(template, consumer('hook'), 'AWS::SecretsManager::Secret');
    template.hasResourceProperties('AWS::Events::Connection', {
      Name: 'whatsapp-dev-hook',
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'X-Secret',
          ApiKeyValue: {
            'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret }, ':SecretString:::}}']],
          },
        },
      },
    });
  });

  test('may use an existing secret in Secrets Manager, whose value is not in the template', () => {
    const id = idBelow(template, consumer('known'), 'AWS::Events::Connection');
    const { Properties } = template.findResources('AWS::Events::Connection')[id] ?? {};
    const key = JSON.stringify(Properties.AuthParameters.ApiKeyAuthParameters);
    expect(key).toContain('{{resolve:secretsmanager:');
    expect(key).toContain('team/hook');
  });

  test('is called by a role that may call this destination and nothing else', () => {
    expect(statementsBelow(template, consumer('hook'))).toEqual([
      {
        Effect: 'Allow',
        Action: 'events:InvokeApiDestination',
        Resource: arnOf('hook', 'AWS::Events::ApiDestination'),
      },
    ]);
    expect(ruleOf('hook').target.RetryPolicy).toEqual({
      MaximumRetryAttempts: 3,
      MaximumEventAgeInSeconds: 600,
    });
  });
});

test('another bus receives events by a role that may only put events on it', () => {
  expect(ruleOf('copy').target.Arn).toBe(otherBus);
  expect(statementsBelow(template, consumer('copy'))).toEqual([
    { Effect: 'Allow', Action: 'events:PutEvents', Resource: otherBus },
  ]);
});

describe('Firehose', () => {
  test('writes GZIP files with one event in each line, encrypted in transit', () => {
    template.hasResource('AWS::KinesisFirehose::DeliveryStream', {
      Metadata: { 'fanout:local': 'ignore' },
      Properties: {
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
        ExtendedS3DestinationConfiguration: {
          CompressionFormat: 'GZIP',
          BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 },
          ProcessingConfiguration: {
            Enabled: true,
            Processors: [{ Type: 'AppendDelimiterToRecord' }],
          },
        },
      },
    });
  });

  test('writes to a bucket that is encrypted, private and TLS only, and deletes old files', () => {
    const bucket = idBelow(template, consumer('lake'), 'AWS::S3::Bucket');
    expect(template.findResources('AWS::S3::Bucket')[bucket]).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        BucketEncryption: expect.anything(),
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: bucket },
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
  });

  test('may only write to two prefixes of its bucket, and its rule may only put records', () => {
    const statements = statementsBelow(template, consumer('lake'));
    const actions = statements.flatMap(({ Action }) => Action);
    expect([...actions].sort()).toEqual([
      'firehose:PutRecord',
      'firehose:PutRecordBatch',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ]);
    const wide = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('"*"'));
    expect(wide).toEqual([]);
  });
});

describe('a target of the user’s own', () => {
  test('has the pattern and the retries of its row', () => {
    const { rule, target } = ruleOf('own');
    expect(rule.EventPattern).toEqual({
      source: ['whatsapp'],
      'detail-type': ['message'],
      detail: { meta: { fromMe: [false] } },
    });
    expect(target).toMatchObject({ Arn: undeliverable, RetryPolicy: { MaximumRetryAttempts: 2 } });
  });

  test('keeps its own retry policy and dead-letter queue', () => {
    const { stack: other } = createApp({}, {});
    const mine = new Queue(other, 'Mine', { retentionPeriod: Duration.days(1) });
    const { fanout } = other;
    fanout.addConsumer('mine', {
      kind: 'target',
      summary: 'Mine',
      categories: ['calls'],
      target: new SqsQueue(mine, { deadLetterQueue: mine, retryAttempts: 1 }),
      retryAttempts: 50,
    });
    const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] };
    Template.fromStack(other).hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        { Arn: arn, DeadLetterConfig: { Arn: arn }, RetryPolicy: { MaximumRetryAttempts: 1 } },
      ],
    });
  });
});
