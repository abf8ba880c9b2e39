import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Way } from '../../events/keyring/keyring.ts';
import { readKeyring } from '../../events/keyring/read-keyring.ts';
import { readNoiseRules } from '../../events/noise/read-noise-rules.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import type { Authentication } from './authenticate.ts';
import { putClaimCheck } from './claim-check.ts';
import { createHandler } from './create-handler.ts';
import { Ledger } from './ledger.ts';
import { ledgerTable } from './ledger-table.ts';
import { NoiseFilter } from './noise-filter.ts';
import { SecretCache } from './secret-cache.ts';
import { spillTo } from './spill.ts';

/** One try at the bus; ingest itself decides whether to try again. */
const sdkSettings = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
};

/** A ledger that is slow is a ledger that is down: the event passes, marked. */
const ledgerSettings = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 },
};

const bus = new EventBridgeClient(sdkSettings);
const ledgerTableName = process.env.LEDGER_TABLE;
const deduplicate = process.env.DEDUPLICATE ?? 'none';
const deduplicatedTypes = new Set(deduplicate.split(','));
const noiseRules = readNoiseRules(process.env.NOISE ?? 'none');
const secretsManager = new SecretsManagerClient({ ...sdkSettings, maxAttempts: 3 });

/** Which environment variable says where the secrets of each way are. */
const secretVariable = { hmac: 'SIGNING_SECRET_ARN', secret: 'URL_SECRET_ARN' } as const;

/** The ingest function: an HTTP API request in, events on the bus, an answer for the sender out. */
export const handler = createHandler({
  busName: requiredEnvironment('BUS_NAME'),
  authentication: requiredEnvironment('AUTHENTICATION') as Authentication,
  maxBodyBytes: Number(requiredEnvironment('MAX_BODY_BYTES')),
  keyrings: new SecretCache(async (way: Way) => {
    const SecretId = requiredEnvironment(secretVariable[way]);
    const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
    return readKeyring(SecretString ?? '', way);
  }),
  replayWindowHours: Number(process.env.REPLAY_WINDOW_HOURS ?? 0),
  putEvents: async (Entries) => {
    const result = await bus.send(new PutEventsCommand({ Entries: [...Entries] }));
    return result.Entries ?? [];
  },
  spill: spillTo(
    new SQSClient({ ...sdkSettings, maxAttempts: 2 }),
    requiredEnvironment('SPILL_QUEUE_URL'),
  ),
  ledger: ledgerTableName
    ? new Ledger(ledgerTable(new DynamoDBClient(ledgerSettings), ledgerTableName))
    : undefined,
  noise: noiseRules.length > 0 ? new NoiseFilter(noiseRules) : undefined,
  isDeduplicated: (type) => deduplicate === 'all' || deduplicatedTypes.has(type),
  putClaimCheck: putClaimCheck({
    bucket: requiredEnvironment('CLAIM_CHECK_BUCKET'),
    region: requiredEnvironment('AWS_REGION'),
    credentials: () => bus.config.credentials(),
    sha256: bus.config.sha256,
    endpoint: process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL,
  }),
});
