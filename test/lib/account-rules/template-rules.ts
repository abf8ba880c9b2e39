import { type AccountRule, type Resources, repeated } from './rule.ts';

const quotas = 'CloudFormation User Guide, "Understand CloudFormation quotas"';

/** The properties by which resources have names of their own, by the types' schemas (`primaryIdentifier`). */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::DomainName': 'DomainName',
  'AWS::ApiGatewayV2::DomainName': 'DomainName',
  'AWS::Chatbot::SlackChannelConfiguration': 'ConfigurationName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::ApiDestination': 'Name',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Events::Connection': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::WAFv2::WebACL': 'Name',
};

/** Types that have an id that AWS makes up, or settings of which there is one for an account and region. */
const withoutName = ['AWS::ApiGateway::Account', 'AWS::KMS::Key'];

const namesIn = (resources: Resources) =>
  Object.values(resources).flatMap(({ Type, Properties }) => {
    const name = Properties?.[nameProperties[Type] ?? ''];
    return name === undefined ? [] : [`${Type} ${name}`];
  });

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const wrongTags = (tags: readonly Tag[]) =>
  tags.length > 50 ||
  repeated(tags.map(({ Key }) => Key)).length > 0 ||
  tags.some(
    ({ Key, Value }) =>
      Key.length > 128 ||
      String(Value).length > 256 ||
      /^aws:/i.test(Key) ||
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(`${Key}${Value}`),
  );

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** Rules on templates as a whole. */
export const templateRules: readonly AccountRule[] = [
  {
    name: 'a stack has 500 resources at most, in 1 MB',
    source: quotas,
    check: (resources) =>
      Object.keys(resources).length > 500 || JSON.stringify(resources).length > 1_000_000
        ? ['too large']
        : [],
    broken: Object.fromEntries(
      Array.from({ length: 501 }, (_, index) => [
        `R${index}`,
        { Type: 'AWS::SNS::Topic', Properties: {} },
      ]),
    ),
  },
  {
    name: 'no name is there twice',
    source: 'CloudFormation User Guide, "Name type"',
    check: (resources) => repeated(namesIn(resources)),
    broken: {
      One: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
      Two: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
    },
  },
  {
    name: 'a resource with a name of its own does not outlive a first deployment that failed, or the next one finds it',
    source: 'CloudFormation User Guide, "DeletionPolicy attribute", RetainExceptOnCreate',
    check: (resources) =>
      Object.entries(resources)
        .filter(
          ([, { Type, Properties, DeletionPolicy }]) =>
            DeletionPolicy === 'Retain' &&
            !withoutName.includes(Type) &&
            // A type that is missing above may have a name.
            (nameProperties[Type] === undefined ||
              Properties?.[nameProperties[Type]] !== undefined),
        )
        .map(([id]) => id),
    broken: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: 'state' },
        DeletionPolicy: 'Retain',
      },
    },
  },
  {
    name: 'a resource has 50 tags at most, each once, with 128 and 256 characters that there are, and none of AWS’s own',
    source:
      'Tagging AWS Resources and Tag Editor User Guide, "Best practices and strategies", Tag naming limits and requirements',
    check: (resources) =>
      Object.entries(resources)
        .filter(
          ([, { Properties }]) => Array.isArray(Properties?.Tags) && wrongTags(Properties.Tags),
        )
        .map(([id]) => id),
    broken: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'aws:x', Value: 'y' }] } },
    },
  },
  {
    name: 'a logical id has letters and digits only',
    source: 'CloudFormation User Guide, "CloudFormation template Resources syntax"',
    check: (resources) => Object.keys(resources).filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id)),
    broken: { 'a-b': { Type: 'AWS::SNS::Topic', Properties: {} } },
  },
];

/** Rules on a template before its functions are resolved: CloudFormation says which partition it is in. */
export const partitionRule: AccountRule = {
  name: 'no ARN names a partition, and no host a domain of one',
  source: 'AWS General Reference, "Amazon Resource Names (ARNs)", partition',
  check: (resources) =>
    Object.entries(resources).flatMap(([id, { Properties }]) =>
      textsIn(Properties)
        // Service principals and KMS’s names of services are the same everywhere.
        .filter(
          (text) =>
            /arn:aws[\w-]*:/.test(text) ||
            (/\.amazonaws\.com/.test(text) &&
              !/^[a-z-]+\.amazonaws\.com$/.test(text) &&
              text !== '.amazonaws.com'),
        )
        .map((text) => `${id}: ${text}`),
    ),
  broken: {
    Queue: { Type: 'AWS::SQS::QueuePolicy', Properties: { Resource: 'arn:aws:sqs:*:*:q' } },
  },
};
