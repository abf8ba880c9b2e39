import { type CfnResource, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { FirehoseDeliveryStream } from 'aws-cdk-lib/aws-events-targets';
import {
  AppendDelimiterToRecordProcessor,
  Compression,
  DeliveryStream,
  EnableLogging,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { FirehoseConsumer } from '../consumer-row.ts';
import { acknowledge } from '../nag.ts';
import { withDelivery } from './connect-target.ts';
import { type ConsumerContext, deliveryOf, ruleOf } from './consumer-context.ts';

/** What an analytics consumer has that a user may want to hold. */
export interface ConnectedFirehose {
  readonly bucket: Bucket;
  readonly deliveryStream: DeliveryStream;
}

/**
 * Every event as one line of JSON in GZIP files, by day: `events/2026/11/22/…gz`. There is no Firehose
 * on one machine, so a local run leaves the stream and its rule out.
 */
export function connectFirehose(context: ConsumerContext<FirehoseConsumer>): ConnectedFirehose {
  const { scope, prefix, row, bus, settings } = context;
  const bucket = createBucket(context);
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/kinesisfirehose/${prefix}`,
    retention: settings.logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const deliveryStream = new DeliveryStream(scope, 'Stream', {
    deliveryStreamName: prefix,
    encryption: StreamEncryption.awsOwnedKey(),
    destination: new S3Bucket(bucket, {
      dataOutputPrefix: 'events/!{timestamp:yyyy/MM/dd}/',
      errorOutputPrefix: 'failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/',
      compression: Compression.GZIP,
      bufferingInterval: Duration.seconds(row.bufferSeconds ?? 300),
      bufferingSize: Size.mebibytes(row.bufferMegabytes ?? 5),
      // EventBridge sends events without a line feed behind them.
      processors: [new AppendDelimiterToRecordProcessor()],
      loggingConfig: new EnableLogging(logGroup),
    }),
  });
  const rule = bus.addRule(scope, 'Rule', {
    ...ruleOf(row),
    target: withDelivery(new FirehoseDeliveryStream(deliveryStream), deliveryOf(row, bus)),
  });
  for (const { node } of [deliveryStream, rule]) {
    (node.defaultChild as CfnResource).addMetadata('fanout:local', 'ignore');
  }
  acknowledgeObjectKeys(deliveryStream);
  return { bucket, deliveryStream };
}

function createBucket({ scope, row }: ConsumerContext<FirehoseConsumer>): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [
      {
        expiration: Duration.days(row.expireDays ?? 365),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    // What was collected for a year must not go with a row that was deleted.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(bucket, {
    'AwsSolutions-S1':
      'Only the delivery stream writes here and nothing here is public; whoever wants access logs turns on CloudTrail data events.',
  });
  return bucket;
}

function acknowledgeObjectKeys(_stream: DeliveryStream): void {}
