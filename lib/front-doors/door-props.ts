import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Settings } from '../settings.ts';

/** What a front door is made of. */
export interface DoorProps {
  readonly settings: Settings;
  /** The function behind it. */
  readonly ingest: IFunction;
}

/** A front door that stands. */
export interface Door {
  /** Where senders post webhooks to. */
  readonly url: string;
  /** What the DNS record of the setting `domainName` must be an alias of. @default - no domain */
  readonly dnsTarget?: string;
}

/** The path that senders post to. */
export const webhookPath = '/webhooks';

/** Senders that can neither sign nor set a header put their secret here. */
export const secretPath = `${webhookPath}/{secret}`;

/** The paths that a stage takes. */
export const webhookPaths = ({ authentication }: Settings): readonly string[] =>
  authentication === 'hmac' ? [webhookPath] : [webhookPath, secretPath];
