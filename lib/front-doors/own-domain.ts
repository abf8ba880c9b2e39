import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** A domain of the user's own for an API, with the authorities of its clients if it asks for certificates. */
export interface OwnDomain {
  readonly domainName: string;
  readonly certificate: ICertificate;
  readonly mtls?: { readonly bucket: IBucket; readonly key: string };
}

/** The domain that the settings name; undefined where they name none. */
export function ownDomain(
  scope: Construct,
  { domainName, certificateArn, truststoreUri }: Settings,
): OwnDomain | undefined {
  if (domainName === 'none') return undefined;
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);
  const [, bucketName = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(truststoreUri) ?? [];
  if (truststoreUri === 'none') return { domainName, certificate };
  const bucket = Bucket.fromBucketName(scope, 'Truststore', bucketName);
  return { domainName, certificate, mtls: { bucket, key } };
}
