import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { deployPolicy } from '../../../tools/docs/deploy-policy.ts';
import { isLike, type Resource } from '../../lib/account-rules/rule.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

/**
 * What CloudFormation calls to create, read, update and delete a resource of each type: `handlers.*.permissions`
 * of the types' schemas (CloudFormation User Guide, "CloudFormation registry"), as of 2026-08-07.
 */
const permissions = JSON.parse(
  readFileSync(new URL('handler-permissions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

/** What is called for settings of a type that no resource of this stack has. */
const notCalled: readonly (readonly [RegExp, reason: string])[] = [
  [/^(kinesis|ec2|elasticfilesystem|s3files|s3tables|cognito-idp):/, 'no stream, network or mount'],
  [
    /^(amplify|apprunner|appsync|bedrock-agentcore|elasticloadbalancing):/,
    'the firewall guards an API',
  ],
  [/^iam:\w*(Group|User)Policy$/, 'policies are of roles'],
  [/^iam:\w*PermissionsBoundary$/, 'roles have none'],
  [/^s3:(GetObjectMetadata|GetObjectVersion|PutObjectAcl|DeleteObject)$/, 'no import, no emptying'],
  [/^s3:REST\./, 'no action of IAM'],
];

/** Actions without a resource of their own (Service Authorization Reference). */
const withoutResource = [
  'kms:CreateKey',
  'lambda:CreateEventSourceMapping',
  'secretsmanager:GetRandomPassword',
];

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Every type of resource that the stack has with some setting. */
const settings = [
  {},
  { ingress: 'rest-api', dashboard: 'on', encryption: 'customer' },
  { ingress: 'function-url' },
];

const stack = 'WhatsAppEventFanout-dev';

/** What stands behind region and account in the ARN of a resource, where it has a name in it. */
const nameInArn: Readonly<
  Record<string, (properties: Resource['Properties'], id: string) => string>
> = {
  'AWS::CloudWatch::Alarm': ({ AlarmName }) => `cloudwatch:r:ACCOUNT:alarm:${AlarmName}`,
  'AWS::CloudWatch::Dashboard': () => 'cloudwatch::ACCOUNT:dashboard/whatsapp-dev-eu-central-1',
  'AWS::DynamoDB::Table': ({ TableName }) => `dynamodb:r:ACCOUNT:table/${TableName}`,
  'AWS::Events::Archive': ({ ArchiveName }) => `events:r:ACCOUNT:archive/${ArchiveName}`,
  'AWS::Events::EventBus': ({ Name }) => `events:r:ACCOUNT:event-bus/${Name}`,
  'AWS::Events::Rule': ({ Name, EventBusName }, id) =>
    `events:r:ACCOUNT:rule/${Name ? `${EventBusName}/${Name}` : `${stack}-${id}-1ABC`}`,
  'AWS::IAM::Role': (_, id) => `iam::ACCOUNT:role/${stack}-${id}-1ABC`,
  'AWS::KMS::Alias': ({ AliasName }) => `kms:r:ACCOUNT:${AliasName}`,
  'AWS::Lambda::Function': ({ FunctionName }) => `lambda:r:ACCOUNT:function:${FunctionName}`,
  'AWS::Logs::LogGroup': ({ LogGroupName }) => `logs:r:ACCOUNT:log-group:${LogGroupName}:*`,
  'AWS::S3::Bucket': (_, id) => `s3:::${stack.toLowerCase()}-${id.toLowerCase()}-1abc`,
  'AWS::SNS::Topic': ({ TopicName }) => `sns:r:ACCOUNT:${TopicName}`,
  'AWS::SQS::Queue': ({ QueueName }) => `sqs:r:ACCOUNT:${QueueName}`,
  'AWS::SSM::Parameter': ({ Name }) => `ssm:r:ACCOUNT:parameter${Name}`,
  'AWS::SecretsManager::Secret': (_, id) => `secretsmanager:r:ACCOUNT:secret:${id}-1ABC`,
  'AWS::WAFv2::WebACL': ({ Name }) => `wafv2:r:ACCOUNT:regional/webacl/${Name}/uuid`,
};

/** Of others in the same account: no statement may name them. */
const ofOthers = [
  'dynamodb:r:ACCOUNT:table/orders',
  'events:r:ACCOUNT:event-bus/orders',
  'events:r:ACCOUNT:rule/orders',
  'iam::ACCOUNT:role/Admin',
  'kms:r:ACCOUNT:alias/orders',
  'lambda:r:ACCOUNT:function:orders',
  'logs:r:ACCOUNT:log-group:/aws/lambda/orders:*',
  's3:::orders',
  'secretsmanager:r:ACCOUNT:secret:orders-1ABC',
  'sns:r:ACCOUNT:orders',
  'sqs:r:ACCOUNT:orders',
  'ssm:r:ACCOUNT:parameter/orders',
];

const statements = (
  deployPolicy(Object.keys(permissions)) as { readonly Statement: readonly Statement[] }
).Statement;

const allows = ({ Action }: Statement, action: string) =>
  [Action].flat().some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`, 'i').test(action));

describe('the policy that CloudFormation deploys with', () => {
  test.each(Object.entries(permissions))('allows it to create %s', (_, actions) => {
    const missing = actions.filter(
      (action) =>
        !notCalled.some(([shape]) => shape.test(action)) &&
        !statements.some((statement) => allows(statement, action)),
    );
    expect(missing).toEqual([]);
  });

  test('is checked for every type of resource that the stack has with some setting', async () => {
    const templates = await Promise.all(settings.map(keptTemplate));
    const types = templates.flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    const unknown = new Set(types.filter((type) => !Object.hasOwn(permissions, type)));
    expect([...unknown]).toEqual([]);
  });

  test('allows each action on the resources of the stack, by their names', async () => {
    const templates = await Promise.all(settings.map(keptTemplate));
    const denied = templates
      .flatMap(({ Resources }) => Object.entries(Resources))
      .flatMap(([id, { Type, Properties = {} }]) => {
        const name = nameInArn[Type]?.(Properties, id);
        const [service = ''] = name?.split(':') ?? [];
        const own = (permissions[Type] ?? []).filter(
          (action) =>
            action.startsWith(`${service}:`) && !notCalled.some(([shape]) => shape.test(action)),
        );
        return name === undefined
          ? []
          : own
              .filter(
                (action) =>
                  !statements.some(
                    (statement) =>
                      allows(statement, action) &&
                      [statement.Resource].flat().some((each) => isLike(`arn:aws:${name}`, each)),
                  ),
              )
              .map((action) => `${action} on ${name}`);
      });
    expect([...new Set(denied)]).toEqual([]);
  });

  test.each(ofOthers)('names nothing like %s, which is of others', (name) => {
    const naming = statements.filter(
      ({ Sid, Resource }) =>
        Sid !== 'OnEverything' && [Resource].flat().some((each) => isLike(`arn:aws:${name}`, each)),
    );
    // The service has no resources to name.
    expect(naming.map(({ Sid }) => Sid)).toEqual(['Chatbot']);
  });

  test('reads and writes no data of others with their keys', () => {
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:CreateGrant']) {
      const granting = statements.filter((statement) => allows(statement, action));
      expect(granting).toEqual([
        expect.objectContaining({ Condition: { Null: { 'kms:ViaService': 'false' } } }),
      ]);
    }
  });

  test('fits into one policy of IAM', () => {
    // IAM User Guide, "IAM and AWS STS quotas": 6,144 characters without white space.
    expect(JSON.stringify(deployPolicy(Object.keys(permissions))).length).toBeLessThanOrEqual(
      6_144,
    );
  });

  test.each(withoutResource)(
    'grants %s on all resources, because it cannot be limited to one',
    (action) => {
      const granting = statements.filter((statement) => allows(statement, action));
      expect(granting.some(({ Resource }) => [Resource].flat().includes('*'))).toBe(true);
    },
  );

  test.each(notCalled)('leaves out %s, which some type lists: %s', (shape) => {
    const all = Object.values(permissions).flat();
    expect(all.some((action) => shape.test(action))).toBe(true);
  });
});
