import { type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { type LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { localMetadata } from '../../events/names.ts';
import { alarmPeriod } from '../alarms/alarms.ts';
import { oldestInStream } from '../alarms/metrics.ts';
import { bucketEncryption, customerKeyOf, useOf } from '../encryption.ts';
import { withDelivery } from '../fanout-bus.ts';
import { createLogGroup } from '../log-group.ts';
import { acknowledge } from '../nag.ts';
import {
  type ConnectedRule,
  type ConsumerContext,
  deliveryOf,
  ruleOf,
} from './consumer-context.ts';

/** The resources of a `firehose` consumer. */
export interface ConnectedFirehose extends ConnectedRule {
  /** The bucket with the files. */
  readonly bucket: Bucket;
}

/**
 * Seconds within which Firehose has written an event. It waits 15 minutes at most before it writes a file
 * (`bufferSeconds`), and drops an event that it could not write for a day.
 */
const lateSeconds = 60 * 60;

/**
 * Writes each event as one line of JSON into GZIP files, by day: `events/2026/11/22/…gz`. A local run has no
 * Firehose, so it skips the delivery stream and the rule.
 */
export function connectFirehose(context: ConsumerContext<'firehose'>): ConnectedFirehose {
  const { scope, name, prefix, row, bus, alarms } = context;
  const bucket = createBucket(context);
  const stream = createDeliveryStream(context, bucket);
  const role = new Role(scope, 'RuleRole', {
    assumedBy: new ServicePrincipal('events.amazonaws.com'),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
      resources: [stream.attrArn],
    }),
  );
  const target = { bind: () => ({ arn: stream.attrArn, role }) };
  const rule = bus.addRule(scope, 'Rule', {
    ...ruleOf(context),
    target: withDelivery(target, deliveryOf(row, bus)),
  });
  for (const resource of [stream, rule.node.defaultChild as CfnResource]) {
    resource.addMetadata(localMetadata.resource, 'ignore');
  }
  alarms?.add(scope, 'LateAlarm', {
    kind: 'late',
    subject: name,
    sentence: `Firehose has not written an event of the consumer ${name} for an hour.`,
    metric: oldestInStream(prefix, alarmPeriod),
    threshold: lateSeconds,
  });
  return { rule, bucket };
}

function createBucket({ scope, row }: ConsumerContext<'firehose'>): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    ...bucketEncryption(scope),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [
      {
        expiration: Duration.days(row.expireDays),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    // Deleting the consumer's row must not delete the data that was collected.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  acknowledge(bucket, {
    'AwsSolutions-S1':
      'Only the delivery stream writes here and nothing here is public; server access logs would need a second bucket for as many objects.',
  });
  return bucket;
}

/** The prefixes that the delivery stream writes to: for events, and for records that it could not process. */
const prefixes = ['events/', 'failed/'];

/**
 * Creates a delivery stream that writes compressed NDJSON. It uses the L1 resource, because the L2 construct
 * allows the stream's role to read and delete in the whole bucket.
 */
function createDeliveryStream(
  { scope, prefix, row, settings }: ConsumerContext<'firehose'>,
  bucket: Bucket,
): CfnDeliveryStream {
  const logGroup = createLogGroup(scope, 'Logs', `/aws/kinesisfirehose/${prefix}`, settings);
  const logStream = new LogStream(logGroup, 'Stream', {
    logGroup,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  (logStream.node.defaultChild as CfnResource).addMetadata(localMetadata.resource, 'ignore');
  const role = new Role(scope, 'StreamRole', {
    assumedBy: new ServicePrincipal('firehose.amazonaws.com'),
  });
  for (const statement of permissions(bucket, logGroup)) {
    role.addToPolicy(statement);
  }
  const key = customerKeyOf(scope);
  if (key) {
    role.addToPolicy(useOf(key));
  }
  const bucketId = Stack.of(scope).getLogicalId(bucket.node.defaultChild as CfnBucket);
  acknowledge(
    role,
    Object.fromEntries(
      prefixes.map((path) => [
        `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${path}*]`,
        'Firehose makes the object keys, so only their prefix can be named.',
      ]),
    ),
  );
  const stream = new CfnDeliveryStream(scope, 'Stream', {
    deliveryStreamName: prefix,
    deliveryStreamType: 'DirectPut',
    // Firehose creates the grant that it needs (Firehose API reference, DeliveryStreamEncryptionConfigurationInput).
    deliveryStreamEncryptionConfigurationInput: key
      ? { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn }
      : { keyType: 'AWS_OWNED_CMK' },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn,
      roleArn: role.roleArn,
      prefix: 'events/!{timestamp:yyyy/MM/dd}/',
      errorOutputPrefix: 'failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/',
      compressionFormat: 'GZIP',
      bufferingHints: {
        intervalInSeconds: row.bufferSeconds,
        sizeInMBs: row.bufferMegabytes,
      },
      // EventBridge sends events without a line feed at the end.
      processingConfiguration: {
        enabled: true,
        processors: [{ type: 'AppendDelimiterToRecord', parameters: [] }],
      },
      cloudWatchLoggingOptions: {
        enabled: true,
        logGroupName: logGroup.logGroupName,
        logStreamName: logStream.logStreamName,
      },
    },
  });
  // Firehose checks the permissions of its role when the stream is created.
  stream.node.addDependency(role);
  return stream;
}

/**
 * The permissions of the stream's role (Firehose Developer Guide, "Grant Firehose access to an Amazon S3
 * destination"), limited to two prefixes of the bucket.
 */
function permissions(bucket: Bucket, logGroup: LogGroup): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: prefixes.map((path) => bucket.arnForObjects(`${path}*`)),
    }),
    new PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
    new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
  ];
}
