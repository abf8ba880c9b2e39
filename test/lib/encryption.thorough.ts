import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, type Template, Template as Templates } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { WhatsAppEventBus } from '../../lib/event-bus.ts';
import { createApp, synthesizeTemplate } from './synthesize-app.ts';

const consumers = {
  messages: { summary: 'Messages', categories: ['messages'], kind: 'function', state: true },
  shop: { summary: 'Shop', categories: ['chats'], kind: 'queue' },
  lake: { summary: 'Lake', categories: ['engine'], kind: 'firehose' },
  hook: {
    summary: 'Hook',
    categories: ['labels'],
    kind: 'https',
    endpoint: 'https://example.com/hook',
  },
} as const satisfies Record<string, ConsumerRow>;

const ownKey = createApp({ encryption: 'customer', stage: 'prod' }, consumers);
const template = Templates.fromStack(ownKey.stack);
const keyId = Object.keys(template.findResources('AWS::KMS::Key'))[0] ?? 'none';
const itsArn = { 'Fn::GetAtt': [keyId, 'Arn'] };

const each = (type: string, from: Template = template) =>
  Object.values(from.findResources(type)).map(({ Properties }) => Properties);

describe('a customer managed key', () => {
  test.each([
    ['AWS::SQS::Queue', 'KmsMasterKeyId'],
    ['AWS::Logs::LogGroup', 'KmsKeyId'],
    ['AWS::SecretsManager::Secret', 'KmsKeyId'],
    ['AWS::Events::EventBus', 'KmsKeyIdentifier'],
    ['AWS::Events::Archive', 'KmsKeyIdentifier'],
    ['AWS::SNS::Topic', 'KmsMasterKeyId'],
    ['AWS::Events::Connection', 'KmsKeyIdentifier'],
  ])('encrypts every %s', (type, property) => {
    expect(each(type).length).toBeGreaterThan(0);
    const encrypted = each(type).filter(
      ({ QueueName }) => !/-bus-dead-letters$/.test(QueueName ?? ''),
    );
    for (const properties of encrypted) {
      expect(properties[property]).toEqual(itsArn);
    }
  });

  test('that cannot be used loses no event: the bus sends it to a queue with another key', () => {
    const [bus] = each('AWS::Events::EventBus');
    const [id] = Object.entries(
      template.findResources('AWS::SQS::Queue', {
        Properties: { QueueName: 'whatsapp-prod-bus-dead-letters', SqsManagedSseEnabled: true },
      }),
    )[0] ?? ['none'];
    expect(bus?.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [id, 'Arn'] } });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Effect: 'Allow' }),
        ]),
      },
    });
  });

  test('encrypts every table and every bucket', () => {
    for (const { SSESpecification } of each('AWS::DynamoDB::Table')) {
      expect(SSESpecification).toEqual({
        KMSMasterKeyId: itsArn,
        SSEEnabled: true,
        SSEType: 'KMS',
      });
    }
    for (const { BucketEncryption } of each('AWS::S3::Bucket')) {
      expect(BucketEncryption.ServerSideEncryptionConfiguration).toMatchObject([
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: itsArn } },
      ]);
    }
  });

  test('encrypts what a delivery stream holds before it writes a file', () => {
    const streams = each('AWS::KinesisFirehose::DeliveryStream');
    expect(streams).toMatchObject([
      {
        DeliveryStreamEncryptionConfigurationInput: {
          KeyType: 'CUSTOMER_MANAGED_CMK',
          KeyARN: itsArn,
        },
      },
    ]);
  });

  test('has the tag without which EventBridge cannot use it for the secret of a connection', () => {
    const [key] = each('AWS::KMS::Key');
    expect(key?.Tags).toEqual([{ Key: 'EventBridgeApiDestinations', Value: 'true' }]);
  });

  test('is rotated, and kept together with the data that it encrypts', () => {
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { EnableKeyRotation: true },
    });
  });

  test('can be used by functions only through the services that store their data', () => {
    const uses = each('AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('kms:'));
    expect(uses.length).toBeGreaterThan(0);
    for (const { Action, Resource, Condition } of uses) {
      expect(Resource).toEqual(itsArn);
      expect(Object.keys(Condition?.StringEquals ?? {})).toEqual(['kms:ViaService']);
      for (const action of [Action].flat()) {
        expect(['kms:Decrypt', 'kms:GenerateDataKey']).toContain(action);
      }
    }
  });

  test('lets another account decrypt what its row lets it read, through SQS only', () => {
    const readableBy = ['210987654321'];
    const { stack } = createApp(
      { encryption: 'customer' },
      { shop: { ...consumers.shop, readableBy } },
    );
    const [key] = each('AWS::KMS::Key', Templates.fromStack(stack));
    const readers = key?.KeyPolicy.Statement.filter(({ Principal }: { Principal: object }) =>
      JSON.stringify(Principal).includes(':iam::210987654321:root'),
    );
    expect(readers).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Condition: { StringEquals: { 'kms:ViaService': expect.anything() } },
      }),
    ]);
    expect(JSON.stringify(readers)).not.toMatch(/"(dynamodb|s3|secretsmanager)\./);
  });

  test('can be used by this account only, unless a row names another one', () => {
    const [key] = each('AWS::KMS::Key');
    expect(JSON.stringify(key?.KeyPolicy)).not.toMatch(/\d{12}/);
    const untrusted = key?.KeyPolicy.Statement.filter(
      ({ Principal, Action }: { Principal: { Service?: unknown }; Action: unknown }) =>
        Principal.Service && Action !== 'kms:DescribeKey',
    );
    expect(untrusted.length).toBeGreaterThan(0);
    for (const { Condition } of untrusted) {
      expect(JSON.stringify(Condition)).toContain('AWS::AccountId');
    }
  });

  test.each([AwsSolutionsChecks, ServerlessChecks])(
    'leaves no finding of cdk-nag open (%p)',
    (Checks) => {
      const { app } = createApp({ encryption: 'customer', stage: 'prod' }, consumers);
      expect(new Checks(app).validateScope(app).violations).toEqual([]);
    },
  );

  test('is created only with its setting on', () => {
    synthesizeTemplate().resourceCountIs('AWS::KMS::Key', 0);
  });
});

describe('the key of a deployment, in another app', () => {
  const notes = {
    kind: 'function',
    summary: 'Notes',
    categories: ['labels'],
    entry: 'lambdas/consumers/labels.ts',
    state: true,
    idempotent: true,
  } as const;

  /** A stack of another app that adds these consumers to the stage `prod`. */
  function lookUp(added: Readonly<Record<string, ConsumerRow>>) {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Mine');
    const parameter = StringParameter.valueForStringParameter(stack, '/whatsapp/prod/key-arn');
    const bus = WhatsAppEventBus.lookup(stack, 'Bus', {
      stage: 'prod',
      settings: { encryption: 'customer' },
      encryptionKey: Key.fromKeyArn(stack, 'Key', parameter),
    });
    for (const [name, row] of Object.entries(added)) {
      bus.addConsumer(name, row);
    }
    return stack;
  }

  const lookedUp = Templates.fromStack(lookUp({ ...consumers, notes }));
  const arn = { Ref: expect.stringMatching(/^SsmParameterValuewhatsappprodkeyarn/) };

  test('is in an SSM parameter, which no deployment without such a key has', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/whatsapp/prod/key-arn',
      Value: itsArn,
    });
    expect(each('AWS::SSM::Parameter', synthesizeTemplate()).map(({ Name }) => Name)).toEqual([
      '/whatsapp/dev/bus-name',
      '/whatsapp/dev/bus-arn',
      '/whatsapp/dev/claim-check-bucket',
    ]);
  });

  test.each([
    ['AWS::SQS::Queue', 'KmsMasterKeyId'],
    ['AWS::Logs::LogGroup', 'KmsKeyId'],
    ['AWS::SecretsManager::Secret', 'KmsKeyId'],
    ['AWS::Events::Connection', 'KmsKeyIdentifier'],
  ])('encrypts every %s of the consumers that are added there', (type, property) => {
    expect(each(type, lookedUp).length).toBeGreaterThan(0);
    for (const properties of each(type, lookedUp)) {
      expect(properties[property]).toEqual(arn);
    }
  });

  test('encrypts every table and bucket there, and a consumer with state may use it for the state table', () => {
    expect(each('AWS::DynamoDB::Table', lookedUp)).toMatchObject([
      { SSESpecification: { KMSMasterKeyId: arn, SSEType: 'KMS' } },
    ]);
    expect(each('AWS::S3::Bucket', lookedUp)).toHaveLength(1);
    expect(JSON.stringify(each('AWS::S3::Bucket', lookedUp))).toContain('"KMSMasterKeyID":{"Ref"');
    const statements = Object.entries(lookedUp.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.includes('notesHandler'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: arn,
      Condition: { StringEquals: { 'kms:ViaService': expect.anything() } },
    });
  });

  test('has to be given there, if the setting asks for it', () => {
    const stack = new Stack();
    const settings = { encryption: 'customer' } as const;
    expect(() => WhatsAppEventBus.lookup(stack, 'Bus', { stage: 'prod', settings })).toThrow(
      /"encryptionKey" is not set\. Set it to the key .*valueForStringParameter\(this, "\/whatsapp\/prod\/key-arn"\)/,
    );
  });

  test('has a policy that only its own app changes: a reader in another account is a warning', () => {
    const readableBy = ['210987654321'];
    const stack = lookUp({ shop: { ...consumers.shop, readableBy } });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('allow the account 210987654321 kms:Decrypt through SQS there'),
    );
  });
});

describe('the data of a stage', () => {
  const stateOf = (context: Record<string, unknown>) => {
    const { stack } = createApp(context);
    const tables = Object.values(
      Templates.fromStack(stack).findResources('AWS::DynamoDB::Table'),
    ).filter(({ Properties }) => /-state$/.test(Properties.TableName));
    return {
      policy: tables[0]?.DeletionPolicy,
      isProtected: tables[0]?.Properties.DeletionProtectionEnabled,
      stackIsProtected: stack.terminationProtection === true,
    };
  };
  const unprotected = { isProtected: false, stackIsProtected: false };
  const kept = { policy: 'RetainExceptOnCreate', ...unprotected };
  const gone = { policy: 'Delete', ...unprotected };

  test.each([
    ['dev', gone],
    ['pr-7', gone],
    ['test', gone],
    ['prod', kept],
    ['live', kept],
    ['developers', kept],
  ])('%s is kept or deleted with its stack by the kind of stage', (stage, expected) => {
    expect(stateOf({ stage })).toEqual(expected);
  });

  test('is kept or deleted by the setting, whatever the stage', () => {
    expect(stateOf({ stage: 'dev', dataOnDestroy: 'keep' })).toEqual(kept);
    expect(stateOf({ stage: 'prod', dataOnDestroy: 'delete' })).toEqual(gone);
  });

  test('is protected against deletion only when that is asked for, so that a first deployment that failed can be repeated', () => {
    const withProtection = { isProtected: true, stackIsProtected: true };
    expect(stateOf({ stage: 'prod', protection: 'on' })).toEqual({ ...kept, ...withProtection });
    expect(stateOf({ stage: 'prod' })).toMatchObject(unprotected);
  });
});
