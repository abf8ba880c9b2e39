import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { type Limits, limits } from './limits.ts';

/**
 * The configuration of one client. Connections are kept, fifty at most, as is the SDK's default. Lambda
 * puts the role's credentials into the environment before the code starts, and ends an execution
 * environment before they expire (Lambda Developer Guide, "Defined runtime environment variables"), so the
 * client looks nowhere else. The SDK finds region, partition, FIPS and dual-stack endpoints, and
 * `AWS_ENDPOINT_URL`.
 */
function configure({ maxAttempts, connectMs, responseMs }: Limits) {
  return {
    maxAttempts,
    // Without this the SDK sorts its twenty middlewares again for each call: a tenth of ingest's CPU time.
    cacheMiddleware: true,
    credentials: fromEnv(),
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: responseMs,
      // Without this the SDK only logs that a response is late, and waits on.
      throwOnRequestTimeout: true,
      // For a body that begins and does not go on.
      socketTimeout: responseMs,
    },
  };
}

const clients: {
  bus?: EventBridgeClient;
  secrets?: SecretsManagerClient;
  queues?: SQSClient;
  spill?: SQSClient;
  deduplication?: DynamoDBClient;
  identities?: DynamoDBClient;
  idempotency?: DynamoDBClient;
  state?: DynamoDBClient;
  claimChecks?: ReturnType<typeof loadClaimCheckClient>;
} = {};

/** The client for the event bus, made at its first use, as are all of these. */
export function busClient(): EventBridgeClient {
  clients.bus ??= new EventBridgeClient(configure(limits.bus));
  return clients.bus;
}

/** The client for signing secrets. */
export function secretsClient(): SecretsManagerClient {
  clients.secrets ??= new SecretsManagerClient(configure(limits.secrets));
  return clients.secrets;
}

/** The client for a consumer's queue and its dead-letter queue. */
export function queueClient(): SQSClient {
  clients.queues ??= makeQueueClient(limits.queues);
  return clients.queues;
}

/** The client for the spill queue. */
export function spillClient(): SQSClient {
  clients.spill ??= makeQueueClient(limits.spill);
  return clients.spill;
}

const makeQueueClient = (limits: Limits) =>
  new SQSClient({
    ...configure(limits),
    // A queue's URL names the region's plain endpoint, also where another is configured, such as FIPS.
    useQueueUrlAsEndpoint: false,
  });

/** A client for one of the tables: each may wait as long as its use can. */
export function tableClient(
  use: 'deduplication' | 'identities' | 'idempotency' | 'state',
): DynamoDBClient {
  clients[use] ??= new DynamoDBClient(configure(limits[use]));
  return clients[use];
}

/**
 * The client for claim checks, with the command to write one. S3's package is loaded when the first claim
 * check is written: few stages ever write one, and the package is as large as the other clients together.
 */
export function claimCheckClient() {
  clients.claimChecks ??= loadClaimCheckClient();
  return clients.claimChecks;
}

async function loadClaimCheckClient() {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    ...configure(limits.claimChecks),
    // An endpoint other than AWS's may not know buckets by host name.
    forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
  });
  return { PutObjectCommand, client };
}
