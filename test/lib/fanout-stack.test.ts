import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { catalog } from '../../events/catalog.ts';
import { type FunctionConsumer, queuedConsumers } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';
import {
  alwaysSubscribedTypes,
  subscribedTypes,
  subscriptionPattern,
} from '../../lib/subscription.ts';
import { createApp, synthesizeTemplate } from './synthesize-app.ts';

const template = synthesizeTemplate({ state: 'all' });
const rows = Object.entries(consumers);
const queued = queuedConsumers(consumers);

const logicalIdOf = (type: string, properties: object): string =>
  Object.keys(template.findResources(type, { Properties: properties }))[0] ?? 'missing';

const stateTableId = logicalIdOf('AWS::DynamoDB::Table', { TableName: 'whatsapp-dev-state' });

const queueId = (name: string) =>
  logicalIdOf('AWS::SQS::Queue', { QueueName: `whatsapp-dev-${name}` });

describe('the table of consumers', () => {
  test.each(queued)(
    '%s has one rule for its types, to its queue, with the undeliverable queue behind it',
    (name, row) => {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: subscriptionPattern(row),
        State: 'ENABLED',
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [queueId(name), 'Arn'] },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queueId('undeliverable'), 'Arn'] } },
          },
        ],
      });
    },
  );

  test.each(queued)('%s has a queue with a dead-letter queue of its own', (name, row) => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: `whatsapp-dev-${name}`,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [queueId(`${name}-dead-letters`), 'Arn'] },
        maxReceiveCount: row.maxReceiveCount ?? 5,
      },
    });
  });

  test.each(rows.filter(([, row]) => row.kind === 'function'))(
    '%s has a function that consumes its queue in batches with partial failures',
    (name) => {
      template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        EventSourceArn: { 'Fn::GetAtt': [queueId(name), 'Arn'] },
        FunctionName: {
          Ref: logicalIdOf('AWS::Lambda::Function', { FunctionName: `whatsapp-dev-${name}` }),
        },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    },
  );

  test('a queue without a function has no reader in the stack', () => {
    const running = rows.filter(([, row]) => row.kind === 'function').length;
    // Besides the consumers: ingest, the function that empties the spill queue, and the one that counts
    // sessions, which no queue feeds.
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', running + 1);
    template.resourceCountIs('AWS::Lambda::Function', running + 3);
  });

  test('every type of the catalog has a subscriber', () => {
    const subscribed = new Set(rows.flatMap(([, row]) => subscribedTypes(row)));
    expect(Object.keys(catalog).filter((type) => !subscribed.has(type))).toEqual([]);
    expect(subscribed).toContain('unrecognized');
  });

  test('the catch-all matches events of other sources and events without a subscriber, and nothing else', () => {
    const subscribed = [...new Set(rows.flatMap(([, row]) => alwaysSubscribedTypes(row)))].sort();
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        $or: [
          { source: [{ 'anything-but': ['whatsapp'] }] },
          { source: ['whatsapp'], 'detail-type': [{ 'anything-but': subscribed }] },
        ],
      },
    });
  });

  test('every rule fits into the 2,048 characters that EventBridge allows', () => {
    for (const rule of Object.values(template.findResources('AWS::Events::Rule'))) {
      expect(JSON.stringify(rule.Properties.EventPattern ?? {}).length).toBeLessThanOrEqual(2048);
    }
  });
});

describe('security of the stack', () => {
  test.each([AwsSolutionsChecks, ServerlessChecks])(
    'cdk-nag has no finding that is not acknowledged with a reason (%p)',
    (Checks) => {
      const { app } = createApp();
      expect(new Checks(app).validateScope(app).violations).toEqual([]);
    },
  );

  test('no policy allows a wildcard action, or all resources', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) =>
        Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[],
    );
    expect(statements.length).toBeGreaterThan(0);
    for (const { Action, Resource } of statements) {
      expect([Action].flat().filter((action) => String(action).includes('*'))).toEqual([]);
      expect([Resource].flat()).not.toContain('*');
    }
  });

  test('no function has a policy that AWS manages', () => {
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('ingest may only publish on its bus, send to the spill queue, use the tables of deduplication and identities, read its secrets, and write claim checks', () => {
    expect(actionsOf('Ingest')).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ]);
  });

  test.each(rows.filter(([, row]) => row.kind === 'function'))(
    '%s may read its queue, send to its dead-letter queue, keep its state, and write its log; nothing else',
    (name, row) => {
      const { state, publishes, idempotent, permissions = [] } = row as FunctionConsumer;
      const expected = [
        ...(state ? ['dynamodb:GetItem', 'dynamodb:PutItem'] : []),
        ...(state && publishes ? ['dynamodb:Query'] : []),
        ...(idempotent || (state && publishes) ? ['dynamodb:UpdateItem'] : []),
        ...(publishes ? ['events:PutEvents'] : []),
        ...permissions.flatMap(({ actions }) => actions),
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ];
      expect([...new Set(actionsOf(handlerOf(name)))]).toEqual([...new Set(expected)].sort());
    },
  );

  test('a consumer with state may use its own part of it only', () => {
    for (const [name, row] of rows) {
      if (row.kind !== 'function' || !row.state) {
        continue;
      }
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: Match.arrayWith(['dynamodb:GetItem', 'dynamodb:PutItem']),
              Resource: { 'Fn::GetAtt': [stateTableId, 'Arn'] },
              Condition: {
                'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${name}#*`] },
                Null: { 'dynamodb:LeadingKeys': 'false' },
              },
            }),
          ]),
        },
      });
    }
  });

  test('every queue is encrypted, and accepts TLS only', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    const guarded = Object.values(template.findResources('AWS::SQS::QueuePolicy')).filter(
      ({ Properties }) =>
        JSON.stringify(Properties.PolicyDocument).includes('"aws:SecureTransport":"false"'),
    );
    expect(guarded.length).toBe(Object.keys(template.findResources('AWS::SQS::Queue')).length);
  });

  test('only rules of this bus may send to a queue', () => {
    const sends = Object.values(template.findResources('AWS::SQS::QueuePolicy')).flatMap(
      ({ Properties }) =>
        (
          Properties.PolicyDocument.Statement as {
            Effect: string;
            Action: unknown;
            Condition?: object;
          }[]
        ).filter(
          ({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('sqs:SendMessage'),
        ),
    );
    expect(sends.length).toBeGreaterThan(0);
    for (const { Condition } of sends) {
      expect(JSON.stringify(Condition)).toContain('aws:SourceArn');
    }
  });

  test('the access log has no path, query or header, which may contain secrets', () => {
    const stages = template.findResources('AWS::ApiGatewayV2::Stage');
    const formats = Object.values(stages).map(
      ({ Properties }) => Properties.AccessLogSettings.Format,
    );
    expect(formats).toHaveLength(1);
    expect(formats[0]).not.toMatch(/path|query|header|authorizer|\$context\.identity\.userAgent/i);
  });

  test('a consumer may send only to its own dead-letter queue', () => {
    for (const [name] of rows.filter(([, row]) => row.kind === 'function')) {
      const statements = statementsOf(handlerOf(name)).filter(
        ({ Action }) => Action === 'sqs:SendMessage',
      );
      expect(statements.map(({ Resource }) => Resource)).toEqual([
        { 'Fn::GetAtt': [queueId(`${name}-dead-letters`), 'Arn'] },
      ]);
    }
  });

  test('failure queues keep messages for 14 days', () => {
    const ends = Object.values(template.findResources('AWS::SQS::Queue')).filter(({ Properties }) =>
      /-(dead-letters|undeliverable|unrouted|spill)$/.test(Properties.QueueName),
    );
    expect(ends).toHaveLength(queued.length + 4);
    for (const { Properties } of ends) {
      expect(Properties.MessageRetentionPeriod).toBe(14 * 86_400);
    }
  });
});

describe('the bus keeps events', () => {
  test('for thirty days, for replays', () => {
    template.hasResourceProperties('AWS::Events::Archive', {
      ArchiveName: 'whatsapp-dev',
      RetentionDays: 30,
    });
  });
});

describe('duplicates', () => {
  test('are found with a table whose records expire', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'whatsapp-dev-deduplication',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  test('an idempotent consumer may use its own records only', () => {
    const orders = {
      summary: 'Orders',
      categories: ['messages'],
      idempotent: true,
      kind: 'function',
    } as const;
    const { stack } = createApp({}, { messages: orders });
    const own = Template.fromStack(stack);
    own.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:UpdateItem',
            Condition: {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['messages#*'] },
              Null: { 'dynamodb:LeadingKeys': 'false' },
            },
          }),
        ]),
      },
    });
  });
});

describe('identities', () => {
  const properties = {
    KeySchema: [
      { AttributeName: 'address', KeyType: 'HASH' },
      { AttributeName: 'scope', KeyType: 'RANGE' },
    ],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    BillingMode: 'PAY_PER_REQUEST',
  };
  const templateWith = (settings: Record<string, unknown>) =>
    Template.fromStack(createApp(settings).stack);

  test('are in a table of their own whose items expire', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: { ...properties, TableName: 'whatsapp-dev-identities' },
      DeletionPolicy: 'Delete',
    });
  });

  test('can be read and written by ingest only', () => {
    const id = logicalIdOf('AWS::DynamoDB::Table', { TableName: 'whatsapp-dev-identities' });
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const withTable = policies.filter(([, policy]) => JSON.stringify(policy).includes(id));
    expect(withTable.map(([policy]) => policy)).toEqual([expect.stringMatching(/^FanoutIngest/)]);
    const statements = statementsOf('Ingest').filter((each) => JSON.stringify(each).includes(id));
    expect(statements).toMatchObject([
      {
        Action: ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:DeleteItem'],
        Resource: { 'Fn::GetAtt': [id, 'Arn'] },
      },
    ]);
  });

  test('of a lasting stage stay when it is destroyed, encrypted by the key of the customer', () => {
    templateWith({ stage: 'prod', encryption: 'customer', protection: 'on' }).hasResource(
      'AWS::DynamoDB::Table',
      {
        Properties: {
          TableName: 'whatsapp-prod-identities',
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
          DeletionProtectionEnabled: true,
        },
        DeletionPolicy: 'RetainExceptOnCreate',
      },
    );
  });

  test('are absent with the setting off', () => {
    const off = templateWith({ identities: 'off' });
    expect(JSON.stringify(off.toJSON())).not.toMatch(/identities/i);
  });
});

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** How the logical ids of a consumer's function and role begin. */
const handlerOf = (name: string) => `Consumers${name.replaceAll('-', '')}Handler`;

/** What the role of one construct may do. */
function statementsOf(construct: string): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith(`Fanout${construct}`),
  );
  expect(policies).toHaveLength(1);
  return policies.flatMap(
    ([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[],
  );
}

/** The actions that the role of one construct may take, sorted. */
const actionsOf = (construct: string): string[] =>
  statementsOf(construct)
    .flatMap(({ Action }) => Action)
    .sort();
