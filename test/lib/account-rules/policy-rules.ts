import { type AccountRule, isLike, of, type Resources, type Statement } from './rule.ts';

const identityPolicy = 'AWS::IAM::Policy';

interface Policy {
  readonly Statement: readonly Statement[];
}

const allowing = ({ Statement }: Policy = { Statement: [] }) =>
  Statement.filter(({ Effect }) => Effect === 'Allow');

const actionsOf = ({ Action = [] }: Statement) => [Action].flat();

/** What roles are allowed to do: each statement with the id of its policy. */
const roleStatements = (resources: Resources): readonly (readonly [string, Statement])[] =>
  of(resources, identityPolicy).flatMap(([id, { PolicyDocument }]) =>
    allowing(PolicyDocument).map((statement) => [id, statement] as const),
  );

/** Keys of IAM conditions that a statement tests, with any operator. */
const testedBy = ({ Condition = {} }: Statement) => Object.values(Condition).flatMap(Object.keys);

/** What resources allow others to do: each statement with the id of its resource. */
const resourceStatements = (resources: Resources): readonly (readonly [string, Statement])[] =>
  [
    ['AWS::SQS::QueuePolicy', 'PolicyDocument'],
    ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
    ['AWS::S3::BucketPolicy', 'PolicyDocument'],
    ['AWS::KMS::Key', 'KeyPolicy'],
  ]
    .flatMap(([type = '', property = '']) =>
      of(resources, type).flatMap(([id, properties]) =>
        allowing(properties[property]).map((statement) => [id, statement] as const),
      ),
    )
    .concat(
      of(resources, 'AWS::Events::EventBusPolicy').flatMap(([id, { Statement: statement }]) =>
        statement?.Effect === 'Allow' ? [[id, statement] as const] : [],
      ),
    );

/** Keys that say for which resource, account or request a service acts. */
const sourceKeys =
  /^(aws:Source(Arn|Account|OrgID)|kms:EncryptionContext:aws:(events:event-bus|logs):arn)$/;

const allow = (statement: Statement, type = identityPolicy, property = 'PolicyDocument') => ({
  Broken: {
    Type: type,
    Properties: { [property]: { Statement: [{ Effect: 'Allow', ...statement }] } },
  },
});

/** Actions that have no resource to name (Service Authorization Reference). */
const withoutResource = /^xray:Put(TraceSegments|TelemetryRecords)$/;

const isDecryption = (action: string) =>
  ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'].some((use) => isLike(use, action));

/** Rules on who may do what. */
export const policyRules: readonly AccountRule[] = [
  {
    name: 'a role may do named actions only, each on named resources',
    source: 'IAM User Guide, "Security best practices in IAM", Apply least-privilege permissions',
    check: (resources) =>
      roleStatements(resources)
        .filter(
          ([, statement]) =>
            actionsOf(statement).some((action) => action.includes('*')) ||
            ([statement.Resource].flat().includes('*') &&
              !actionsOf(statement).every((action) => withoutResource.test(action))),
        )
        .map(([id, { Action }]) => `${id}: ${Action}`),
    broken: allow({ Action: 's3:GetObject', Resource: '*' }),
  },
  {
    name: 'a role uses a key only through a service that stores with it',
    source: 'KMS Developer Guide, "AWS KMS condition keys", kms:ViaService',
    check: (resources) =>
      roleStatements(resources)
        .filter(
          ([, statement]) =>
            actionsOf(statement).some(isDecryption) &&
            !testedBy(statement).includes('kms:ViaService'),
        )
        .map(([id]) => id),
    broken: allow({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms:x:1:key/k' }),
  },
  {
    name: 'a condition on all values of a key also requires the key, or a request without it is allowed',
    source: 'IAM User Guide, "Single-valued vs. multivalued context keys"',
    check: (resources) =>
      [...roleStatements(resources), ...resourceStatements(resources)].flatMap(
        ([id, { Condition = {} }]) =>
          Object.entries(Condition)
            .filter(([operator]) => operator.startsWith('ForAllValues:'))
            .flatMap(([, keys]) => Object.keys(keys))
            .filter((key) => Condition.Null?.[key] !== 'false')
            .map((key) => `${id}: ${key}`),
      ),
    broken: allow({
      Action: 'dynamodb:GetItem',
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['a#*'] } },
    }),
  },
  {
    name: 'a service is let in only for a resource or an account that is named',
    source:
      'IAM User Guide, "The confused deputy problem", Cross-service confused deputy prevention',
    check: (resources) => [
      ...resourceStatements(resources)
        .filter(
          ([, statement]) =>
            JSON.stringify(statement.Principal).includes('"Service"') &&
            // EventBridge reads the metadata of a key before it is let in for a bus.
            !actionsOf(statement).every((action) => action === 'kms:DescribeKey') &&
            !testedBy(statement).some((key) => sourceKeys.test(key)),
        )
        .map(([id]) => id),
      ...of(resources, 'AWS::Lambda::Permission')
        .filter(
          ([, { Principal, SourceArn, SourceAccount }]) =>
            Principal !== '*' && !SourceArn && !SourceAccount,
        )
        .map(([id]) => id),
    ],
    broken: allow(
      { Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' },
      'AWS::SQS::QueuePolicy',
    ),
  },
  {
    name: 'everybody is let in only with a condition on who it is',
    source: 'IAM User Guide, "AWS JSON policy elements: Principal", anonymous access',
    check: (resources) =>
      resourceStatements(resources)
        .filter(
          ([, statement]) =>
            ['"*"', '{"AWS":"*"}'].includes(JSON.stringify(statement.Principal)) &&
            !testedBy(statement).some((key) => /^aws:Principal(OrgID|Account|Arn)$/.test(key)),
        )
        .map(([id]) => id),
    broken: allow({ Principal: '*', Action: 'sns:Publish' }, 'AWS::SNS::TopicPolicy'),
  },
  {
    name: 'an account that may read an encrypted queue may decrypt with its key',
    source: 'SQS Developer Guide, "Configuring KMS permissions for Amazon SQS"',
    check: (resources) => {
      const readers = of(resources, 'AWS::SQS::QueuePolicy').flatMap(
        ([, { Queues, PolicyDocument }]) =>
          allowing(PolicyDocument)
            .filter((statement) => actionsOf(statement).includes('sqs:ReceiveMessage'))
            .flatMap(({ Principal }) => [(Principal as { AWS?: string })?.AWS ?? []].flat())
            .map((account) => [account, Queues[0] as string] as const),
      );
      const keyOf = (url: string) =>
        of(resources, 'AWS::SQS::Queue').find(([, { QueueName }]) =>
          url.endsWith(`/${QueueName}`),
        )?.[1].KmsMasterKeyId;
      return readers
        .filter(([account, url]) => {
          const key = keyOf(url);
          const policies = of(resources, 'AWS::KMS::Key').filter(([id]) => key?.includes(id));
          return (
            key !== undefined &&
            !policies
              .flatMap(([, { KeyPolicy }]) => allowing(KeyPolicy))
              .some(
                (statement) =>
                  JSON.stringify(statement.Principal).includes(`"${account}"`) &&
                  actionsOf(statement).some((action) => isLike('kms:Decrypt', action)),
              )
          );
        })
        .map(([account, url]) => `${account} reads ${url}`);
    },
    broken: {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: [] } } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'q', KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: ['sqs:ReceiveMessage'],
              },
            ],
          },
        },
      },
    },
  },
];
