import { type CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { bucketEncryption } from '../bucket-encryption.ts';
import type { FirehoseConsumer } from '../consumer-row.ts';
import { acknowledge } from '../nag.ts';
import { withDelivery } from './connect-target.ts';
import {
  type ConnectedRule,
  type ConsumerContext,
  deliveryOf,
  ruleOf,
} from './consumer-context.ts';
import { createDeliveryStream } from './create-delivery-stream.ts';

/** What an analytics consumer has that a user may want to hold. */
export interface ConnectedFirehose extends ConnectedRule {
  readonly bucket: Bucket;
}

/**
 * Every event as one line of JSON in GZIP files, by day: `events/2026/11/22/…gz`. There is no Firehose
 * on one machine, so a local run leaves the stream and its rule out.
 */
export function connectFirehose(context: ConsumerContext<FirehoseConsumer>): ConnectedFirehose {
  const { scope, row, bus } = context;
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
    ...ruleOf(row),
    target: withDelivery(target, deliveryOf(row, bus)),
  });
  for (const resource of [stream, rule.node.defaultChild as CfnResource]) {
    resource.addMetadata('fanout:local', 'ignore');
  }
  return { rule, bucket };
}

function createBucket({ scope, row }: ConsumerContext<FirehoseConsumer>): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    ...bucketEncryption(scope),
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
      'Only the delivery stream writes here and nothing here is public; server access logs would need a second bucket for as many objects.',
  });
  return bucket;
}
