import type { Settings } from '../../lib/settings.ts';

const domain = {
  domainName: 'hooks.example.com',
  certificateArn:
    'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
};
const otel = {
  tracing: 'otel',
  otelLayerArn: 'arn:aws:lambda:eu-central-1:111122223333:layer:AWSOpenTelemetryDistroJs:8',
} as const;
const slack = { alarmSlackWorkspace: 'T012ABCDE', alarmSlackChannel: 'C0123ABCD' };

/** Each setting at other values than its default, with what belongs to it. A setting that is missing here does not compile. */
export const others: Readonly<Record<keyof Settings, readonly Partial<Settings>[]>> = {
  stage: [{ stage: 'prod' }],
  authentication: [{ authentication: 'hmac' }, { authentication: 'secret' }],
  deduplicate: [{ deduplicate: 'none' }, { deduplicate: 'message,message.any' }],
  identities: [{ identities: 'off' }],
  filters: [{ filters: 'presence:debounce/30,message.ack:sample/10,engine:drop' }],
  archiveDays: [{ archiveDays: 0 }],
  shareBusWith: [{ shareBusWith: '123456789012,o-exampleorg' }],
  ingress: [{ ingress: 'rest-api' }, { ingress: 'function-url' }],
  domainName: [domain, { ...domain, ingress: 'rest-api' }],
  certificateArn: [domain],
  truststoreUri: [{ ...domain, truststoreUri: 's3://trust-store/authorities.pem' }],
  allowedSources: [
    { allowedSources: '192.0.2.0/24' },
    { allowedSources: '192.0.2.0/24', ingress: 'rest-api' },
  ],
  ingestConcurrency: [{ ingestConcurrency: 50 }],
  replayWindowHours: [{ replayWindowHours: 48 }],
  maxBodyBytes: [{ maxBodyBytes: 1_000_000 }],
  throttleRate: [{ throttleRate: 50 }],
  throttleBurst: [{ throttleBurst: 100 }],
  ingestMemoryMb: [{ ingestMemoryMb: 1_024 }],
  consumerMemoryMb: [{ consumerMemoryMb: 128 }],
  queueRetentionDays: [{ queueRetentionDays: 13 }],
  stateDays: [{ stateDays: 0 }],
  state: [{ state: 'groups,calls' }, { state: 'none' }],
  stateBatchSeconds: [{ stateBatchSeconds: 20 }],
  logRetentionDays: [{ logRetentionDays: 1 }],
  encryption: [{ encryption: 'customer' }],
  dataOnDestroy: [{ dataOnDestroy: 'keep' }, { dataOnDestroy: 'delete' }],
  protection: [{ protection: 'on', stage: 'prod' }],
  logLevel: [{ logLevel: 'DEBUG' }],
  debugSamplePercent: [{ debugSamplePercent: 5 }],
  handlerErrors: [{ handlerErrors: 'full' }],
  logDataProtection: [{ logDataProtection: 'off' }],
  tracing: [{ tracing: 'xray' }],
  otelLayerArn: [otel],
  alarms: [{ alarms: 'off' }],
  dashboard: [{ dashboard: 'on' }],
  alarmEmail: [{ alarmEmail: 'ops@example.com' }],
  alarmSlackWorkspace: [slack],
  alarmSlackChannel: [slack],
};

/** Every setting with another value than its default: its name, and the settings to give. */
export const everySetting = Object.entries(others).flatMap(([name, contexts]) =>
  contexts.map((context) => [name, context] as const),
);
