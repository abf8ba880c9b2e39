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
 * What looks personal in our events, by name. No groups: they are not among the characters that CloudWatch
 * takes (CloudWatch Logs User Guide, "Custom data identifier constraints"; ten at most, 200 characters
 * each). Not run against CloudWatch yet.
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

/** A log group that is deleted with its stack, and shows nothing that looks personal. */
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
    description: 'Second line: no function logs such things',
    identifiers: Object.entries(personalShapes).map(
      ([name, shape]) => new CustomDataIdentifier(name, shape),
    ),
  });
