import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { customerKeyOf } from './customer-key.ts';

/** The props of a bucket that say how it is encrypted. */
export function bucketEncryption(scope: Construct) {
  const encryptionKey = customerKeyOf(scope);
  if (!encryptionKey) return { encryption: BucketEncryption.S3_MANAGED };
  // One data key for the bucket, not one for each object.
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}
