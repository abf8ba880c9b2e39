import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { busNameOf } from '../events/names.ts';

/** Props of {@link CustomerKey}. */
export interface CustomerKeyProps {
  /** Name of the deployment. */
  readonly stage: string;
  /** What becomes of the key with its stack: the same as of the data that it encrypts. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A key of the user's own for everything that the pipeline stores: queues, tables, the bus and its
 * archive, claim checks, secrets, logs, alarms. Who may decrypt can then be said, seen (CloudTrail) and
 * taken back in one place. $1 a month and $0.03 for 10,000 uses.
 */
export class CustomerKey extends Construct {
  /** What queues, tables and the rest refer to. */
  readonly key: Key;

  constructor(scope: Construct, id: string, { stage, removalPolicy }: CustomerKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: `whatsapp-${stage}`,
      description: `Encrypts what the WhatsApp events of ${stage} are stored in`,
      enableKeyRotation: true,
      removalPolicy,
    });
    for (const statement of this.#admitted(stage)) {
      this.key.addToResourcePolicy(statement);
    }
    // By its ARN: CDK's constructs would each add to the policy of a key that is theirs to change, and
    // so make the key wait for the bus that waits for the key.
    keys.set(scope, Key.fromKeyArn(this, 'ByArn', this.key.keyArn));
  }

  /** AWS services that read and write for us. */
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
      // Events into encrypted queues and on the bus, alarms into the topic.
      admit(['events.amazonaws.com', 'cloudwatch.amazonaws.com'], ['Decrypt', 'GenerateDataKey'], {
        StringEquals: { 'aws:SourceAccount': account },
      }),
      // EventBridge User Guide, "Encrypting EventBridge archives with AWS KMS keys".
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

const keys = new WeakMap<IConstruct, IKey>();

/** The key that everything at this place is encrypted with; undefined where AWS's own keys are. */
export function customerKeyOf(place: IConstruct): IKey | undefined {
  return place.node.scopes.map((scope) => keys.get(scope)).find((key) => key !== undefined);
}

/** What a function needs to use its queues, tables, secrets and bucket, and only through these. */
export function useOf(key: IKey): PolicyStatement {
  const { region, urlSuffix } = Stack.of(key);
  return new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: {
      StringEquals: {
        // Two ways to write it: AWS's pages on China have both.
        'kms:ViaService': ['dynamodb', 's3', 'secretsmanager', 'sqs'].flatMap((service) => [
          `${service}.${region}.amazonaws.com`,
          `${service}.${region}.${urlSuffix}`,
        ]),
      },
    },
  });
}

/** The props of a table that say how it is encrypted. */
export function tableEncryption(scope: Construct) {
  const encryptionKey = customerKeyOf(scope);
  if (!encryptionKey) {
    return { encryption: TableEncryption.DEFAULT };
  }
  return { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey };
}

/** The props of a bucket that say how it is encrypted. */
export function bucketEncryption(scope: Construct) {
  const encryptionKey = customerKeyOf(scope);
  if (!encryptionKey) {
    return { encryption: BucketEncryption.S3_MANAGED };
  }
  // One data key for the bucket, not one for each object.
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

/** How long SQS uses a data key: the longest costs the fewest uses of the customer's key. */
const dataKeyReuse = Duration.hours(24);

/** The props of a queue that say how it is encrypted. */
export function queueEncryption(scope: Construct) {
  const encryptionMasterKey = customerKeyOf(scope);
  if (!encryptionMasterKey) {
    return { encryption: QueueEncryption.SQS_MANAGED };
  }
  return { encryption: QueueEncryption.KMS, encryptionMasterKey, dataKeyReuse };
}
