/** A statement of the policy that CloudFormation deploys a stack with. */
interface DeployStatement {
  readonly actions: readonly string[];
  /** ARNs, with `ACCOUNT` for the number of the account. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:*:ACCOUNT:${resource}`;

const apiGateway: DeployStatement = {
  actions: ['apigateway:*'],
  // APIs have no names in ARNs. Keys, usage plans and VPC links are of others.
  resources: ['account', 'apis*', 'domainnames*', 'restapis*', 'tags*'].map(
    (path) => `arn:aws:apigateway:*::/${path}`,
  ),
};

/**
 * What CloudFormation needs for resources of each service of a template, on resources with our names
 * only. By CloudFormation's own list for each type (test/tools/docs/handler-permissions.json); not tried in an account.
 */
const deployStatements: Readonly<Record<string, readonly DeployStatement[]>> = {
  ApiGateway: [apiGateway],
  ApiGatewayV2: [apiGateway],
  Chatbot: [{ actions: ['chatbot:*'], resources: ['*'] }],
  CloudWatch: [
    {
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
  ],
  DynamoDB: [{ actions: ['dynamodb:*'], resources: [arn('dynamodb', 'table/whatsapp-*')] }],
  Events: [
    {
      actions: ['events:*'],
      resources: [
        arn('events', 'event-bus/whatsapp-*'),
        // Of the bus, and the schedule of the watch function on the default bus.
        arn('events', 'rule/whatsapp-*'),
        arn('events', 'rule/WhatsAppEventFanout-*'),
        arn('events', 'archive/whatsapp-*'),
        arn('events', 'connection/whatsapp-*'),
        arn('events', 'api-destination/whatsapp-*'),
      ],
    },
  ],
  IAM: [
    {
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
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: ['arn:aws:iam::ACCOUNT:role/aws-service-role/*'],
      conditions: {
        StringEquals: {
          'iam:AWSServiceName': [
            'apidestinations.events.amazonaws.com',
            'management.chatbot.amazonaws.com',
            'ops.apigateway.amazonaws.com',
          ],
        },
      },
    },
  ],
  KMS: [
    // A key has no name in its ARN.
    {
      actions: [
        'kms:DescribeKey',
        'kms:DisableKey',
        'kms:DisableKeyRotation',
        'kms:EnableKey',
        'kms:EnableKeyRotation',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:ListResourceTags',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateKeyDescription',
      ],
      resources: [arn('kms', 'key/*')],
    },
    {
      actions: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      resources: [arn('kms', 'alias/whatsapp-*'), arn('kms', 'key/*')],
    },
    {
      actions: [
        'kms:CreateGrant',
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey*',
        'kms:ReEncrypt*',
        'kms:RevokeGrant',
      ],
      resources: [arn('kms', 'key/*')],
      // Only a service that stores data for the stack, such as DynamoDB.
      conditions: { Null: { 'kms:ViaService': 'false' } },
    },
  ],
  KinesisFirehose: [
    { actions: ['firehose:*'], resources: [arn('firehose', 'deliverystream/whatsapp-*')] },
  ],
  Lambda: [
    {
      actions: ['lambda:*'],
      resources: [arn('lambda', 'function:whatsapp-*'), arn('lambda', 'event-source-mapping:*')],
    },
  ],
  Logs: [
    {
      actions: ['logs:*'],
      resources: ['lambda', 'vendedlogs/apigateway', 'kinesisfirehose'].map((origin) =>
        arn('logs', `log-group:/aws/${origin}/whatsapp-*`),
      ),
    },
  ],
  S3: [
    {
      actions: ['s3:*Bucket*', 's3:*Configuration', 's3:*TagResource', 's3:ListTagsForResource'],
      resources: ['arn:aws:s3:::whatsappeventfanout-*'],
    },
  ],
  SNS: [{ actions: ['sns:*'], resources: [arn('sns', 'whatsapp-*')] }],
  SQS: [{ actions: ['sqs:*'], resources: [arn('sqs', 'whatsapp-*')] }],
  SSM: [
    {
      actions: ['ssm:*Parameter*', 'ssm:*Tags*'],
      resources: [arn('ssm', 'parameter/whatsapp/*')],
    },
    { actions: ['ssm:GetParameters'], resources: [arn('ssm', 'parameter/cdk-bootstrap/*')] },
  ],
  SecretsManager: [
    {
      actions: ['secretsmanager:*'],
      resources: [
        arn('secretsmanager', 'secret:Fanout*'),
        // Where EventBridge stores the secret of a connection.
        arn('secretsmanager', 'secret:events!connection/whatsapp-*'),
      ],
    },
  ],
  WAFv2: [
    {
      actions: ['wafv2:*'],
      resources: [
        arn('wafv2', 'regional/webacl/whatsapp-*'),
        'arn:aws:wafv2:*:*:regional/managedruleset/*',
        'arn:aws:apigateway:*::/restapis/*',
      ],
    },
  ],
};

/** Actions that AWS grants on `*` only (Service Authorization Reference). */
const onEverything = [
  'cloudwatch:DescribeAlarms',
  'events:List*',
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
  const Statement = servicesIn(types).flatMap((service) => {
    const statements = deployStatements[service];
    if (!statements) {
      throw new Error(
        `The stack has resources of ${service}: tools/docs/deploy-policy.ts must say what they need.`,
      );
    }
    return statements.map(({ actions, resources, conditions }, index) => ({
      Sid: index === 0 ? service : `${service}${index + 1}`,
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    }));
  });
  // One service has two types of API; its statement is needed once.
  const once = Statement.filter(
    ({ Action }, at) => Statement.findIndex((each) => each.Action === Action) === at,
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
