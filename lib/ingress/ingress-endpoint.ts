import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** What an endpoint is made of. */
export interface IngressEndpointProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The function behind it. */
  readonly ingest: IFunction;
}

/** An endpoint that was made. */
export interface IngressEndpoint {
  /** Where senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string;
  /** How many webhooks it has answered 5xx, whether ingest says so or is not reached. */
  readonly failed: Metric;
  /** How many it has answered 429 without asking ingest. */
  readonly throttled: Metric;
}

/** The path that senders post to. */
export const webhookPath = '/webhooks';

/** Senders that can neither sign nor set a header put their secret here. */
export const secretPath = `${webhookPath}/{secret}`;

/** The paths that a stage takes. A REST API takes each with a slash behind it too, an HTTP API does not. */
export const webhookPaths = ({ authentication }: Settings): readonly string[] =>
  authentication === 'hmac' ? [webhookPath] : [webhookPath, secretPath];

/** A domain of the user's own for an API, with the authorities of its clients if it asks for certificates. */
export interface OwnDomain {
  /** The name, for example `hooks.example.com`. */
  readonly domainName: string;
  /** The certificate of that name. */
  readonly certificate: ICertificate;
  /** The authorities of the clients’ certificates. @default - no certificate is required */
  readonly mtls?: { readonly bucket: IBucket; readonly key: string };
}

/** The domain that the settings name; undefined where they name none. */
export function ownDomain(
  scope: Construct,
  { domainName, certificateArn, truststoreUri }: Settings,
): OwnDomain | undefined {
  if (domainName === 'none') {
    return undefined;
  }
  const certificate = Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);
  const [, bucketName = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(truststoreUri) ?? [];
  if (truststoreUri === 'none') {
    return { domainName, certificate };
  }
  const bucket = Bucket.fromBucketName(scope, 'Truststore', bucketName);
  return { domainName, certificate, mtls: { bucket, key } };
}
