import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { readFilterRules } from '../../events/filters/read-filter-rules.ts';
import type { AuthScheme } from '../../events/keyring/keyring.ts';
import { readKeyring } from '../../events/keyring/keyring.ts';
import { requiredEnvironment, secretsClient, tableClient } from '../runtime/aws-clients.ts';
import { IdempotencyTable } from '../runtime/idempotency-table.ts';
import { invocationTrace, putEventsToBus } from '../runtime/publish.ts';
import type { Authentication } from './authenticate.ts';
import { clockToleranceMs } from './budget.ts';
import { deduplicationHours } from './deduplicate.ts';
import { EventFilter } from './filter.ts';
import { ingestHandler } from './handler.ts';
import { Identities } from './identities.ts';
import { IdentityTable } from './identity-table.ts';
import { putClaimCheckTo, spillTo } from './publish.ts';
import { SecretCache } from './secret-cache.ts';

const deduplicationTable = process.env.DEDUPLICATION_TABLE;
const deduplicate = process.env.DEDUPLICATE ?? 'none';
const deduplicatedTypes = new Set(deduplicate.split(','));
const identitiesTable = process.env.IDENTITIES_TABLE;
const filterRules = readFilterRules(process.env.FILTERS ?? 'none');

/** The environment variable with the ARN of each auth scheme's secret. */
const secretVariable = { hmac: 'SIGNING_SECRET_ARN', secret: 'URL_SECRET_ARN' } as const;

/** The ingest function. It receives a webhook, publishes its events on the bus, and responds to the sender. */
export const handler = ingestHandler({
  busName: requiredEnvironment('BUS_NAME'),
  authentication: requiredEnvironment('AUTHENTICATION') as Authentication,
  maxBodyBytes: Number(requiredEnvironment('MAX_BODY_BYTES')),
  keyrings: new SecretCache(async (scheme: AuthScheme) => {
    const SecretId = requiredEnvironment(secretVariable[scheme]);
    const { SecretString } = await secretsClient().send(new GetSecretValueCommand({ SecretId }));
    return readKeyring(SecretString ?? '', scheme);
  }),
  allowedSources: process.env.ALLOWED_SOURCES,
  replayWindowHours: Number(process.env.REPLAY_WINDOW_HOURS ?? 0),
  putEvents: putEventsToBus,
  spill: spillTo(requiredEnvironment('SPILL_QUEUE_URL')),
  deduplicationTable: deduplicationTable
    ? new IdempotencyTable({
        client: () => tableClient('deduplication'),
        tableName: deduplicationTable,
        leaseMs: Number(requiredEnvironment('TIMEOUT_SECONDS')) * 1_000 + clockToleranceMs,
        retentionMs: deduplicationHours * 3_600_000,
      })
    : undefined,
  identities: identitiesTable
    ? new Identities(new IdentityTable(() => tableClient('identities'), identitiesTable))
    : undefined,
  filters: filterRules.length > 0 ? new EventFilter(filterRules) : undefined,
  invocationTrace,
  isDeduplicated: (type) => deduplicate === 'all' || deduplicatedTypes.has(type),
  putClaimCheck: putClaimCheckTo(requiredEnvironment('CLAIM_CHECK_BUCKET')),
});
