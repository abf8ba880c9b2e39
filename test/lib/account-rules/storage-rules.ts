import { type AccountRule, each, repeated, shaped, within } from './rule.ts';

const table = 'AWS::DynamoDB::Table';
const createTable = 'DynamoDB API Reference, "CreateTable"';

interface Key {
  readonly AttributeName: string;
}
interface TableProperties {
  readonly TableName?: string;
  readonly KeySchema?: readonly Key[];
  readonly AttributeDefinitions?: readonly Key[];
  readonly GlobalSecondaryIndexes?: readonly { readonly KeySchema: readonly Key[] }[];
  readonly TimeToLiveSpecification?: Key;
  readonly BillingMode?: string;
  readonly ProvisionedThroughput?: object;
}
const keysOf = ({ KeySchema = [], GlobalSecondaryIndexes: indexes = [] }: TableProperties) =>
  new Set(
    [KeySchema, ...indexes.map((index) => index.KeySchema)]
      .flat()
      .map(({ AttributeName }) => AttributeName),
  );

/** Rules on tables, buckets, keys, secrets, parameters and streams. */
export const storageRules: readonly AccountRule[] = [
  each(
    table,
    'a name has 3 to 255 letters, digits, _, - and .',
    createTable,
    ({ TableName }) => shaped(TableName, /^[\w.-]{3,255}$/),
    { TableName: 'a b c' },
  ),
  each(
    table,
    'defines the attributes of its keys, and no other',
    createTable,
    (properties: TableProperties) => {
      const keys = keysOf(properties);
      const defined = (properties.AttributeDefinitions ?? []).map(
        ({ AttributeName }) => AttributeName,
      );
      return keys.size === defined.length && defined.every((name) => keys.has(name));
    },
    { AttributeDefinitions: [{ AttributeName: 'a' }] },
  ),
  each(
    table,
    'has twenty indexes at most',
    'DynamoDB Developer Guide, "Quotas in Amazon DynamoDB", secondary indexes',
    ({ GlobalSecondaryIndexes: indexes = [] }) => indexes.length <= 20,
    { GlobalSecondaryIndexes: Array.from({ length: 21 }, () => ({ KeySchema: [] })) },
  ),
  each(
    table,
    'what expires by an attribute has no key of that name',
    'DynamoDB Developer Guide, "Using time to live (TTL) in DynamoDB"',
    (properties: TableProperties) =>
      !keysOf(properties).has(properties.TimeToLiveSpecification?.AttributeName ?? ''),
    { KeySchema: [{ AttributeName: 'a' }], TimeToLiveSpecification: { AttributeName: 'a' } },
  ),
  each(
    table,
    'that is paid by use has no throughput of its own',
    createTable,
    ({ BillingMode, ProvisionedThroughput }) =>
      !(BillingMode === 'PAY_PER_REQUEST' && ProvisionedThroughput),
    { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: {} },
  ),
  each(
    'AWS::KMS::Alias',
    'begins with alias/, and not with AWS’s own',
    'KMS API Reference, "CreateAlias"',
    ({ AliasName }) => /^alias\/(?!aws\/)[\w/-]{1,250}$/.test(AliasName),
    { AliasName: 'alias/aws/x' },
  ),
  each(
    'AWS::KMS::Key',
    'a policy has 32 KB at most, and lets the account itself in, or nobody could change it',
    'KMS Developer Guide, "Key policies in AWS KMS"',
    ({ KeyPolicy: policy }) =>
      JSON.stringify(policy).length <= 32_768 && JSON.stringify(policy).includes(':root"'),
    { KeyPolicy: { Statement: [] } },
  ),
  each(
    'AWS::SecretsManager::Secret',
    'a secret that is made up has 4,096 characters at most',
    'Secrets Manager API Reference, "GetRandomPassword"',
    ({ GenerateSecretString: made }) => within(made?.PasswordLength, 1, 4_096),
    { GenerateSecretString: { PasswordLength: 5_000 } },
  ),
  each(
    'AWS::SSM::Parameter',
    'a name has 1,011 characters at most and begins neither with aws nor with ssm',
    'Systems Manager API Reference, "PutParameter"',
    ({ Name }) => shaped(Name, /^(?!\/?(aws|ssm))[\w./-]{1,1011}$/i),
    { Name: '/aws/x' },
  ),
  each(
    'AWS::SSM::Parameter',
    'a value has 4 KB at most',
    'Systems Manager User Guide, "Managing parameter tiers"',
    ({ Value = '' }) => Value.length <= 4_096,
    { Value: 'x'.repeat(4_097) },
  ),
  each(
    'AWS::KinesisFirehose::DeliveryStream',
    'keeps records for 0 to 900 seconds, or 1 to 128 MB',
    'Data Firehose API Reference, "BufferingHints"',
    ({ ExtendedS3DestinationConfiguration: to }) =>
      within(to?.BufferingHints?.IntervalInSeconds, 0, 900) &&
      within(to?.BufferingHints?.SizeInMBs, 1, 128),
    { ExtendedS3DestinationConfiguration: { BufferingHints: { IntervalInSeconds: 901 } } },
  ),
  each(
    'AWS::KinesisFirehose::DeliveryStream',
    'a prefix with an expression has one for errors, with their type in it',
    'Data Firehose Developer Guide, "Understand custom prefixes for Amazon S3 objects"',
    ({ ExtendedS3DestinationConfiguration: to }) =>
      !to?.Prefix?.includes('!{') ||
      Boolean(to.ErrorOutputPrefix?.includes('!{firehose:error-output-type}')),
    { ExtendedS3DestinationConfiguration: { Prefix: 'a/!{timestamp:yyyy}/' } },
  ),
  each(
    'AWS::S3::Bucket',
    'lifecycle rules have ids of their own, and at least one action',
    'S3 User Guide, "Lifecycle configuration elements"',
    ({ LifecycleConfiguration: lifecycle }) => {
      const rules: readonly Readonly<Record<string, string>>[] = lifecycle?.Rules ?? [];
      return (
        repeated(rules.flatMap(({ Id }) => Id ?? [])).length === 0 &&
        rules.every((rule) =>
          Object.keys(rule).some((key) => /Expiration|Transition|Abort/.test(key)),
        )
      );
    },
    { LifecycleConfiguration: { Rules: [{ Status: 'Enabled' }] } },
  ),
];
