import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketEncryption } from './bucket-encryption.ts';
import { acknowledge } from './nag.ts';

/**
 * Days that a claim check can be redeemed: as long as an end queue keeps the event that refers to
 * it, plus the time in its consumer's queue before that.
 */
const claimCheckDays = 28;

/** The bucket for what is too large to travel on the bus. */
export class ClaimChecks extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketEncryption(this),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        {
          expiration: Duration.days(claimCheckDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      // A deleted stack must not take payloads along that a queue still refers to.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(this.bucket, {
      'AwsSolutions-S1':
        'Only the ingest function writes here and nothing here is public; server access logs would need a second bucket for as many objects.',
    });
  }
}
