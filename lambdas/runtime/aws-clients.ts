import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AwsJson1_0Protocol, AwsJson1_1Protocol, JsonCodec } from '@aws-sdk/core/protocols';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { DynamoDBJsonCodec } from '@aws-sdk/dynamodb-codec';
import type {
  AuthScheme,
  BuildHandler,
  HttpRequest,
  MiddlewareStack,
  RequestSigner,
  SourceData,
} from '@smithy/types';
import type { FunctionVariable } from '../../events/names.ts';
import { BoundedRetryStrategy, maxFirstPauseMs } from './bounded-retry-strategy.ts';

/**
 * The configuration of one client. It keeps connections open, at most fifty, as the SDK does by default.
 * Credentials are read from the environment only: Lambda sets them before the code starts, and ends an
 * execution environment before they expire (Lambda Developer Guide, "Defined runtime environment variables").
 * The SDK resolves region, partition, FIPS and dual-stack endpoints, and `AWS_ENDPOINT_URL`.
 */
function configure({ maxAttempts, responseMs }: Limits) {
  return {
    maxAttempts,
    retryStrategy: new BoundedRetryStrategy(maxAttempts),
    // Without this the SDK sorts its twenty middlewares for each call, a tenth of ingest's CPU time.
    cacheMiddleware: true,
    credentials: fromEnv(),
    sha256: Sha256,
    requestHandler: {
      // Includes the time to connect.
      requestTimeout: responseMs,
      // Without this the SDK only logs that a response is late, and continues to wait.
      throwOnRequestTimeout: true,
      // For a response body that starts and then stalls.
      socketTimeout: responseMs,
    },
  };
}

/**
 * SHA-256 of node:crypto, with which the SDK signs requests. The SDK's own class gives Node the key of an HMAC as
 * bytes; Node 24 takes five times as long for these as for a key object, 3.5 % of the CPU time of ingest.
 */
class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', createSecretKey(bytesOf(secret)));
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') {
    return Buffer.from(data);
  }
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** The `user-agent` of every call, by which CloudTrail shows who made it. */
const userAgent = 'whatsapp-event-fanout';

/** The parts of a client of the SDK that {@link withoutRepetition} changes. */
interface Client<Input extends object, Output extends object> {
  readonly config: { signer(scheme?: AuthScheme): Promise<RequestSigner> };
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}

/**
 * Removes work that the SDK does again for each call, an eighth of ingest's CPU time
 * (docs/decisions/sdk-and-middy.md).
 */
function withoutRepetition<Type, Input extends object, Output extends object>(
  client: Type & Client<Input, Output>,
): Type {
  const { config, middlewareStack } = client;
  // It copies each request and response, even if there is no logger. They contain messages, never logged here.
  middlewareStack.remove('loggerMiddleware');
  // The SDK's own header lists the versions and features in use; it is put together and escaped for each call.
  middlewareStack.add(setUserAgent, {
    name: 'getUserAgentMiddleware',
    step: 'build',
    priority: 'low',
    override: true,
  });
  // Each client has one endpoint, and so one signer.
  const createSigner = config.signer;
  let signer: Promise<RequestSigner> | undefined;
  config.signer = (scheme) => {
    signer ??= createSigner(scheme).catch((error) => {
      signer = undefined;
      throw error;
    });
    return signer;
  };
  // The SDK copies the configuration three times for each call. V8 copies this copy a hundred times faster
  // than the original, which the SDK assembled from parts.
  return Object.assign(client, { config: { ...config } });
}

function setUserAgent<Input extends object, Output extends object>(
  next: BuildHandler<Input, Output>,
): BuildHandler<Input, Output> {
  return (args) => {
    (args.request as HttpRequest).headers['user-agent'] = userAgent;
    return next(args);
  };
}

/**
 * The protocol of EventBridge, with the SDK's codec that writes JSON with JSON.stringify. Its default one writes
 * each character in JavaScript, which takes 8 % of ingest's CPU time for an event of 2 KB.
 */
class BusProtocol extends AwsJson1_1Protocol {
  constructor(settings: ConstructorParameters<typeof AwsJson1_1Protocol>[0]) {
    // A timestamp is in epoch seconds (7 in the SDK's schemas), as in all AWS JSON protocols.
    const timestampFormat = { useTrait: true, default: 7 } as const;
    super({ ...settings, jsonCodec: new JsonCodec({ timestampFormat, jsonName: false }) });
  }
}

/** The protocol of DynamoDB, with the same kind of codec as {@link BusProtocol}. */
class TableProtocol extends AwsJson1_0Protocol {
  constructor(settings: ConstructorParameters<typeof AwsJson1_0Protocol>[0]) {
    super({ ...settings, jsonCodec: new DynamoDBJsonCodec() });
  }
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

/** The client for the event bus. Like all clients here it is created at its first use. */
export function busClient(): EventBridgeClient {
  clients.bus ??= withoutRepetition(
    new EventBridgeClient({ ...configure(limits.bus), protocol: BusProtocol }),
  );
  return clients.bus;
}

/** The client for signing secrets. */
export function secretsClient(): SecretsManagerClient {
  clients.secrets ??= withoutRepetition(new SecretsManagerClient(configure(limits.secrets)));
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
  withoutRepetition(
    new SQSClient({
      ...configure(limits),
      // Do not use the endpoint in the queue's URL: another one may be configured, such as FIPS.
      useQueueUrlAsEndpoint: false,
    }),
  );

/** A client for one of the tables, with the time limits of its use. */
export function tableClient(
  use: 'deduplication' | 'identities' | 'idempotency' | 'state',
): DynamoDBClient {
  clients[use] ??= withoutRepetition(
    new DynamoDBClient({ ...configure(limits[use]), protocol: TableProtocol }),
  );
  return clients[use];
}

/**
 * The client for claim checks, with the command to write one. The package of S3 is loaded when the first
 * claim check is written: few stages ever write one, and it is as large as the other clients together. Its
 * version is that of Lambda's runtime, so its inner parts are not changed.
 */
export function claimCheckClient() {
  clients.claimChecks ??= loadClaimCheckClient().catch((error) => {
    // A file that could not be read now may be readable for the next webhook.
    delete clients.claimChecks;
    throw error;
  });
  return clients.claimChecks;
}

async function loadClaimCheckClient() {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    ...configure(limits.claimChecks),
    // An endpoint other than AWS's may not support buckets as host names.
    forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
  });
  return { PutObjectCommand, client };
}

/** Reads an environment variable that the stack sets. Throws if it is missing. */
export function requiredEnvironment(name: FunctionVariable): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set. The stack sets it: deploy again.`,
    );
  }
  return value;
}

/** Timeouts and attempts of one client's calls. */
export interface Limits {
  /** Number of attempts, including the first. */
  readonly maxAttempts: number;
  /** Milliseconds for the response of one attempt, the connection included. */
  readonly responseMs: number;
}

/** The limits of each use of AWS. Those of ingest together fit into its function's timeout (ingest/budget.ts). */
export const limits = {
  /** `publish` retries itself, since it must check the result of each entry. */
  bus: { maxAttempts: 1, responseMs: 1_500 },
  secrets: { maxAttempts: 2, responseMs: 1_200 },
  /** If the table does not respond in time, an event is published without deduplication, and marked. */
  deduplication: { maxAttempts: 2, responseMs: 1_000 },
  /** Ingest ends a call earlier: see `identityReadMs` and `identityWriteMs` in ingest/budget.ts. */
  identities: { maxAttempts: 2, responseMs: 1_000 },
  /** An idempotent consumer calls the table before and after each event. */
  idempotency: { maxAttempts: 3, responseMs: 3_000 },
  state: { maxAttempts: 4, responseMs: 3_000 },
  /** The spill queue is the last resort before the sender has to retry. */
  spill: { maxAttempts: 2, responseMs: 1_200 },
  /** A consumer's queue and its dead-letter queue. */
  queues: { maxAttempts: 2, responseMs: 3_000 },
  claimChecks: { maxAttempts: 2, responseMs: 1_500 },
} as const satisfies Record<string, Limits>;

/** Maximum milliseconds of a call, with all its attempts and the pauses between them. */
export function worstCaseMs({ maxAttempts, responseMs }: Limits): number {
  return maxAttempts * responseMs + (2 ** (maxAttempts - 1) - 1) * maxFirstPauseMs;
}
