import { RemovalPolicy } from 'aws-cdk-lib';
import {
  CustomDataIdentifier,
  DataProtectionPolicy,
  LogGroup,
  type RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { customerKeyOf } from './encryption.ts';

/** The settings of a log group. */
export interface LogSettings {
  /** Days for which CloudWatch keeps the lines. */
  readonly logRetentionDays: number;
  /** Whether CloudWatch masks text that looks like personal data. */
  readonly logDataProtection: 'on' | 'off';
}

/**
 * Regular expressions for personal data in events, by name of the data identifier. They use no groups, which
 * CloudWatch does not allow (CloudWatch Logs User Guide, "Custom data identifier constraints": at most ten,
 * 200 characters each). Not yet tried in CloudWatch.
 */
export const personalShapes: Readonly<Record<string, string>> = {
  WhatsAppUser: '[0-9]{5,20}@c[.]us',
  WhatsAppAccount: '[0-9]{5,20}[^ ]?[0-9]{0,3}@s[.]whatsapp[.]net',
  WhatsAppHiddenId: '[0-9]{5,20}[^ ]?[0-9]{0,3}@lid',
  WhatsAppGroup: '[0-9-]{10,40}@g[.]us',
  WhatsAppChannel: '[0-9]{10,30}@newsletter',
  PhoneNumber: '[+][0-9]{8,15}',
  WhatsAppMedia: 'mmg[.]whatsapp[.]net/[a-zA-Z0-9/_.?=-]+',
};

/**
 * Creates a log group that is deleted with its stack. With `logDataProtection` CloudWatch masks what looks
 * like personal data.
 */
export function createLogGroup(
  scope: Construct,
  id: string,
  logGroupName: string,
  { logRetentionDays, logDataProtection }: LogSettings,
): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName,
    retention: logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
    encryptionKey: customerKeyOf(scope),
    ...(logDataProtection === 'on' ? { dataProtectionPolicy: maskPersonal() } : {}),
  });
}

const maskPersonal = () =>
  new DataProtectionPolicy({
    name: 'whatsapp-personal-data',
    description: 'Second line of defence: no function logs personal data',
    identifiers: Object.entries(personalShapes).map(
      ([name, shape]) => new CustomDataIdentifier(name, shape),
    ),
  });
