/** A statement of the policy that CloudFormation deploys a stack with. */
interface DeployStatement {
  readonly actions: readonly string[];
  /** ARNs, with `ACCOUNT` for the number of the account. */
  readonly resources: readonly string[];
}

const arn = (service: string, resource: string) => `arn:aws:${service}:*:ACCOUNT:${resource}`;

/**
 * What CloudFormation needs for resources of each service of a template, on resources with our names
 * only. By CloudFormation's own list for each type (test/tools/docs/handler-permissions.json); not tried in an account.
 */
const deployStatements: Readonly<Record<string, DeployStatement>> = {
  ApiGateway: { actions: ['apigateway:*'], resources: ['arn:aws:apigateway:*::/*'] },
  ApiGatewayV2: { actions: ['apigateway:*'], resources: ['arn:aws:apigateway:*::/*'] },
  Chatbot: {
    actions: ['chatbot:*'],
    resources: ['*'],
  },
  CloudWatch: {
    actions: [
      'cloudwatch:*Alarm*',
      'cloudwatch:*Dashboard*',
      'cloudwatch:ListTagsForResource',
      'cloudwatch:TagResource',
      'cloudwatch:UntagResource',
    ],
    resources: [
      arn('cloudwatch', 'alarm:whatsapp-*'),
      'arn:aws:cloudwatch::ACCOUNT:dashboard/whatsapp-*',
    ],
  },
  DynamoDB: { actions: ['dynamodb:*'], resources: [arn('dynamodb', 'table/whatsapp-*')] },
  Events: {
    actions: ['events:*'],
    resources: [
      arn('events', 'event-bus/whatsapp-*'),
      arn('events', 'rule/*'),
      arn('events', 'archive/whatsapp-*'),
      arn('events', 'connection/*'),
      arn('events', 'api-destination/*'),
    ],
  },
  IAM: {
    actions: [
      'iam:*RolePolic*',
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:GetRole',
      'iam:PassRole',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:UpdateRole',
      'iam:UpdateRoleDescription',
    ],
    resources: ['arn:aws:iam::ACCOUNT:role/WhatsAppEventFanout-*'],
  },
  KMS: { actions: ['kms:*'], resources: [arn('kms', 'key/*'), arn('kms', 'alias/whatsapp-*')] },
  KinesisFirehose: {
    actions: ['firehose:*'],
    resources: [arn('firehose', 'deliverystream/whatsapp-*')],
  },
  Lambda: {
    actions: ['lambda:*'],
    resources: [arn('lambda', 'function:whatsapp-*'), arn('lambda', 'event-source-mapping:*')],
  },
  Logs: { actions: ['logs:*'], resources: [arn('logs', 'log-group:*')] },
  S3: {
    actions: ['s3:*Bucket*', 's3:*Configuration', 's3:*TagResource', 's3:ListTagsForResource'],
    resources: ['arn:aws:s3:::whatsappeventfanout-*'],
  },
  SNS: { actions: ['sns:*'], resources: [arn('sns', 'whatsapp-*')] },
  SQS: { actions: ['sqs:*'], resources: [arn('sqs', 'whatsapp-*')] },
  SSM: {
    actions: ['ssm:*Parameter*', 'ssm:*Tags*'],
    resources: [arn('ssm', 'parameter/whatsapp/*'), arn('ssm', 'parameter/cdk-bootstrap/*')],
  },
  SecretsManager: {
    actions: ['secretsmanager:*'],
    resources: [arn('secretsmanager', 'secret:Fanout*')],
  },
  WAFv2: {
    actions: ['wafv2:*'],
    resources: [arn('wafv2', 'regional/*'), 'arn:aws:apigateway:*::/restapis/*'],
  },
};

/** Actions that AWS grants on `*` only (Service Authorization Reference). */
const onEverything = [
  'cloudwatch:DescribeAlarms',
  'events:List*',
  'iam:CreateServiceLinkedRole',
  'kms:CreateKey',
  'kms:ListAliases',
  'lambda:CreateEventSourceMapping',
  'lambda:GetEventSourceMapping',
  'lambda:GetLayerVersion',
  'lambda:ListEventSourceMappings',
  'logs:*LogDelivery*',
  'logs:*ResourcePolic*',
  'logs:DescribeLogGroups',
  'secretsmanager:GetRandomPassword',
  'sqs:ListQueues',
];

/** The services that a template has resources of, as CloudFormation's types name them. */
export const servicesIn = (types: Iterable<string>): readonly string[] =>
  [...new Set([...types].map((type) => type.split('::')[1] ?? type))].sort();

/** The policy for `cdk bootstrap --cloudformation-execution-policies`, for these resource types. */
export function deployPolicy(types: Iterable<string>): object {
  const Statement = servicesIn(types).map((service) => {
    const statement = deployStatements[service];
    if (!statement) {
      throw new Error(
        `The stack has resources of ${service}: tools/docs/deploy-policy.ts must say what they need.`,
      );
    }
    return {
      Sid: service,
      Effect: 'Allow',
      Action: statement.actions,
      Resource: statement.resources,
    };
  });
  // One service has two types of API; its statement is needed once.
  const once = Statement.filter(
    ({ Action }, at) =>
      Statement.findIndex(
        (each) => each.Action === Action || String(each.Action) === String(Action),
      ) === at,
  );
  return {
    Version: '2012-10-17',
    Statement: [
      ...once,
      { Sid: 'OnEverything', Effect: 'Allow', Action: onEverything, Resource: '*' },
      {
        Sid: 'Assets',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: ['arn:aws:s3:::cdk-*-assets-ACCOUNT-*', 'arn:aws:s3:::cdk-*-assets-ACCOUNT-*/*'],
      },
    ],
  };
}
