import type { Way } from '../../events/keyring/keyring.ts';
import { readKeyring } from '../../events/keyring/read-keyring.ts';
import { readNoiseRules } from '../../events/noise/read-noise-rules.ts';
import { dynamoDb } from '../runtime/aws/dynamodb.ts';
import { putEventsToBus } from '../runtime/aws/event-bridge.ts';
import { putObjectTo } from '../runtime/aws/s3.ts';
import { secretReader } from '../runtime/aws/secrets-manager.ts';
import { sqs } from '../runtime/aws/sqs.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import type { Authentication } from './authenticate.ts';
import { putClaimCheck } from './claim-check.ts';
import { createHandler } from './create-handler.ts';
import { Ledger } from './ledger.ts';
import { ledgerTable } from './ledger-table.ts';
import { NoiseFilter } from './noise-filter.ts';
import { SecretCache } from './secret-cache.ts';
import { spillTo } from './spill.ts';

/** A ledger that is slow is a ledger that is down: the event passes, marked. */
const ledgerSettings = { attempts: 2, connectMs: 500, answerMs: 1_000, budgetMs: 1_500 };

/** The spill queue is the last resort before the sender has to try again. */
const spillSettings = { attempts: 2, connectMs: 1_000, answerMs: 3_000, budgetMs: 4_000 };

const ledgerTableName = process.env.LEDGER_TABLE;
const deduplicate = process.env.DEDUPLICATE ?? 'none';
const deduplicatedTypes = new Set(deduplicate.split(','));
const noiseRules = readNoiseRules(process.env.NOISE ?? 'none');
const readSecret = secretReader();
const claimCheckBucket = requiredEnvironment('CLAIM_CHECK_BUCKET');

/** Which environment variable says where the secrets of each way are. */
const secretVariable = { hmac: 'SIGNING_SECRET_ARN', secret: 'URL_SECRET_ARN' } as const;

/** The ingest function: an HTTP API request in, events on the bus, an answer for the sender out. */
export const handler = createHandler({
  busName: requiredEnvironment('BUS_NAME'),
  authentication: requiredEnvironment('AUTHENTICATION') as Authentication,
  maxBodyBytes: Number(requiredEnvironment('MAX_BODY_BYTES')),
  keyrings: new SecretCache(async (way: Way) =>
    readKeyring(await readSecret(requiredEnvironment(secretVariable[way])), way),
  ),
  allowedSources: process.env.ALLOWED_SOURCES,
  replayWindowHours: Number(process.env.REPLAY_WINDOW_HOURS ?? 0),
  putEvents: putEventsToBus(),
  spill: spillTo(sqs(spillSettings), requiredEnvironment('SPILL_QUEUE_URL')),
  ledger: ledgerTableName
    ? new Ledger(ledgerTable(dynamoDb(ledgerSettings), ledgerTableName))
    : undefined,
  noise: noiseRules.length > 0 ? new NoiseFilter(noiseRules) : undefined,
  beginsTraces: process.env.TRACING === 'on',
  isDeduplicated: (type) => deduplicate === 'all' || deduplicatedTypes.has(type),
  putClaimCheck: putClaimCheck(claimCheckBucket, putObjectTo(claimCheckBucket)),
});
