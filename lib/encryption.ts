import { Annotations, Duration, type RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct, type IConstruct } from 'constructs';
import { busNameOf } from '../events/names.ts';

/** Props of {@link CustomerKey}. */
export interface CustomerKeyProps {
  /** Name of the deployment. */
  readonly stage: string;
  /** What happens to the key when the stack is deleted: the same as to the data that it encrypts. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A customer managed key for everything that the pipeline stores: queues, tables, the bus and its archive,
 * claim checks, secrets, logs, alarms, delivery streams and their files. The permission to decrypt is then
 * granted, audited (CloudTrail) and revoked in one place. It costs $1 a month and $0.03 for 10,000 uses.
 */
export class CustomerKey extends Construct {
  /** The key that queues, tables and other resources refer to. */
  readonly key: Key;

  constructor(scope: Construct, id: string, { stage, removalPolicy }: CustomerKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: `whatsapp-${stage}`,
      description: `Encrypts what the WhatsApp events of ${stage} are stored in`,
      enableKeyRotation: true,
      removalPolicy,
    });
    // The service-linked role of EventBridge's connections may use keys with this tag only (EventBridge User
    // Guide, "Encrypting EventBridge connection authorization with AWS KMS keys").
    Tags.of(this.key).add('EventBridgeApiDestinations', 'true');
    for (const statement of this.#admitted(stage)) {
      this.key.addToResourcePolicy(statement);
    }
    // Imported by its ARN: CDK constructs add statements to the policy of a key that they can change, and the
    // key would then depend on the bus that depends on the key.
    keys.set(scope, { own: this.key, key: Key.fromKeyArn(this, 'ByArn', this.key.keyArn) });
    new StringParameter(this, 'ArnParameter', {
      parameterName: keyArnParameterOf(stage),
      stringValue: this.key.keyArn,
      description: 'ARN of the key that encrypts what the pipeline stores',
    });
  }

  /** The policy statements for the AWS services that use the key for the pipeline. */
  #admitted(stage: string): readonly PolicyStatement[] {
    const { account, region, partition, urlSuffix } = Stack.of(this);
    const admit = (services: readonly string[], actions: readonly string[], conditions = {}) =>
      new PolicyStatement({
        principals: services.map((service) => new ServicePrincipal(service)),
        actions: actions.map((action) => `kms:${action}`),
        resources: ['*'],
        conditions,
      });
    const bus = `arn:${partition}:events:${region}:${account}:event-bus/${busNameOf(stage)}`;
    const logGroups = `arn:${partition}:logs:${region}:${account}:log-group:*`;
    return [
      // EventBridge sends to encrypted queues and stores events of the bus; CloudWatch publishes to the
      // topic.
      admit(['events.amazonaws.com', 'cloudwatch.amazonaws.com'], ['Decrypt', 'GenerateDataKey'], {
        StringEquals: { 'aws:SourceAccount': account },
      }),
      // EventBridge User Guide, "Encrypting EventBridge archives with AWS KMS keys". Its policy has no condition
      // for DescribeKey, and no page says that this call has aws:SourceAccount. It reads metadata of the key only.
      admit(['events.amazonaws.com'], ['DescribeKey']),
      admit(['events.amazonaws.com'], ['Decrypt', 'GenerateDataKey', 'ReEncrypt*'], {
        StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': bus },
      }),
      // CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
      admit(
        [`logs.${region}.${urlSuffix}`],
        ['Decrypt*', 'Describe*', 'Encrypt*', 'GenerateDataKey*', 'ReEncrypt*'],
        { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      ),
    ];
  }
}

/** The SSM parameter with the ARN of a deployment's customer managed key, for consumers in other stacks. */
export const keyArnParameterOf = (stage: string): string => `/whatsapp/${stage}/key-arn`;

/** The key of each pipeline and lookup; `own` is the key whose policy can be changed. */
const keys = new WeakMap<IConstruct, { readonly own: IKey; readonly key: IKey }>();

/** Makes the resources in a construct use a customer managed key that exists already. */
export function useExistingKey(scope: IConstruct, key: IKey): void {
  keys.set(scope, { own: key, key });
}

const entryOf = (place: IConstruct) =>
  place.node.scopes.map((scope) => keys.get(scope)).find((entry) => entry !== undefined);

/**
 * The customer managed key of the pipeline that this construct belongs to. Undefined if AWS's own keys are
 * used.
 */
export const customerKeyOf = (place: IConstruct): IKey | undefined => entryOf(place)?.key;

/** The permission to use the key through SQS, DynamoDB, Secrets Manager and S3, and not directly. */
export function useOf(key: IKey): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: through(key, 'dynamodb', 's3', 'secretsmanager', 'sqs'),
  });
}

/**
 * Allows another account to decrypt what it reads from a queue. The queue's policy is not enough, since SQS
 * uses the key for the reader (SQS Developer Guide, "Configuring KMS permissions for Amazon SQS"). Does nothing
 * where AWS's own keys are used. Warns if the policy of the key cannot be changed here.
 */
export function admitReader(place: IConstruct, account: string): void {
  const key = entryOf(place)?.own;
  const result = key?.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AccountPrincipal(account)],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: through(place, 'sqs'),
    }),
  );
  if (result?.statementAdded === false) {
    Annotations.of(place).addWarningV2(
      'fanout:key-policy',
      `The policy of the key is not part of this app: allow the account ${account} kms:Decrypt through SQS there, or it cannot read the queue.`,
    );
  }
}

/** The condition that a key is used through one of these services. */
function through(place: IConstruct, ...services: readonly string[]) {
  const { region, urlSuffix } = Stack.of(place);
  // AWS's documentation for the China regions has both spellings.
  const hosts = services.flatMap((service) => [
    `${service}.${region}.amazonaws.com`,
    `${service}.${region}.${urlSuffix}`,
  ]);
  return { StringEquals: { 'kms:ViaService': hosts } };
}

/** The encryption props of a table. */
export function tableEncryption(scope: Construct) {
  const encryptionKey = customerKeyOf(scope);
  if (!encryptionKey) {
    return { encryption: TableEncryption.DEFAULT };
  }
  return { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey };
}

/** The encryption props of a bucket. */
export function bucketEncryption(scope: Construct) {
  const encryptionKey = customerKeyOf(scope);
  if (!encryptionKey) {
    return { encryption: BucketEncryption.S3_MANAGED };
  }
  // One data key for the bucket, not one for each object.
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

/** How long SQS reuses a data key. The maximum causes the fewest paid uses of the customer managed key. */
const dataKeyReuse = Duration.hours(24);

/** The encryption props of a queue. */
export function queueEncryption(scope: Construct) {
  const encryptionMasterKey = customerKeyOf(scope);
  if (!encryptionMasterKey) {
    return { encryption: QueueEncryption.SQS_MANAGED };
  }
  return { encryption: QueueEncryption.KMS, encryptionMasterKey, dataKeyReuse };
}
