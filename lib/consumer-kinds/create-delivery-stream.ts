import { type CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { type LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { FirehoseConsumer } from '../consumer-row.ts';
import { customerKeyOf, useOf } from '../customer-key.ts';
import { createLogGroup } from '../log-group.ts';
import { acknowledge } from '../nag.ts';
import type { ConsumerContext } from './consumer-context.ts';

/** Where in the bucket a stream may write: what it could read, and what it could not. */
const prefixes = ['events/', 'failed/'];

/**
 * A stream that writes compressed NDJSON. Made of the plain resource, since CDK's own construct lets
 * the stream's role read and delete in the whole bucket.
 */
export function createDeliveryStream(
  { scope, prefix, row, settings }: ConsumerContext<FirehoseConsumer>,
  bucket: Bucket,
): CfnDeliveryStream {
  const logGroup = createLogGroup(scope, 'Logs', `/aws/kinesisfirehose/${prefix}`, settings);
  const logStream = new LogStream(logGroup, 'Stream', {
    logGroup,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  (logStream.node.defaultChild as CfnResource).addMetadata('fanout:local', 'ignore');
  const role = new Role(scope, 'StreamRole', {
    assumedBy: new ServicePrincipal('firehose.amazonaws.com'),
  });
  for (const statement of permissions(bucket, logGroup)) role.addToPolicy(statement);
  const key = customerKeyOf(scope);
  if (key) role.addToPolicy(useOf(key));
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
    deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn,
      roleArn: role.roleArn,
      prefix: 'events/!{timestamp:yyyy/MM/dd}/',
      errorOutputPrefix: 'failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/',
      compressionFormat: 'GZIP',
      bufferingHints: {
        intervalInSeconds: row.bufferSeconds ?? 300,
        sizeInMBs: row.bufferMegabytes ?? 5,
      },
      // EventBridge sends events without a line feed behind them.
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
  // Firehose tries its role when the stream is made.
  stream.node.addDependency(role);
  return stream;
}

/** Firehose Developer Guide, "Grant Firehose access to an Amazon S3 destination", in two folders only. */
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
