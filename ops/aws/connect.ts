import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { isLoopback, readPort } from '../port.ts';

/** Where to work, as far as it is given. */
export interface ConnectionOptions {
  /** Name of the CloudFormation stack. @default - the only one of the local run */
  readonly stack?: string;
  /** URL of the AWS APIs. @default - the local run's, unless `stack` is given */
  readonly endpoint?: string;
  /** @default - us-east-1 for a local run; else what the AWS SDK finds */
  readonly region?: string;
  /** Profile of the shared AWS configuration. @default - what the AWS SDK finds */
  readonly profile?: string;
}

/** Where a command works. */
export interface Connection {
  readonly stack: string | undefined;
  /** Undefined: the AWS SDK finds it. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** A program on this machine, which must never see real credentials. */
  readonly isLocal: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Decides where to work: the local run, unless a stack or another endpoint is named.
 *
 * @throws when the endpoint is no URL, or the port in AWS_PORT none
 */
export function readConnection(
  options: ConnectionOptions,
  environment: Environment = process.env,
): Connection {
  const { stack, profile } = options;
  const endpoint =
    options.endpoint ??
    (stack === undefined
      ? `http://127.0.0.1:${readPort('AWS_PORT', 4566, environment)}`
      : undefined);
  const isLocal = endpoint !== undefined && isLoopback(hostOf(endpoint));
  const region = options.region ?? (isLocal ? (environment.AWS_REGION ?? 'us-east-1') : undefined);
  return { stack, endpoint, region, profile, isLocal };
}

function hostOf(endpoint: string): string {
  if (URL.canParse(endpoint)) {
    return new URL(endpoint).hostname;
  }
  throw new Error(
    `"${endpoint}" is no URL of an AWS endpoint. One looks like http://127.0.0.1:4566.`,
  );
}

/** The AWS APIs that the commands speak to. The same for a local run and for an AWS account. */
export interface AwsAccess {
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  /** The stack that was named, if one was. */
  readonly stack: string | undefined;
  /**
   * Whether what one call has changed is seen by the next one. AWS is spread over many machines, so
   * that a short poll may miss messages and a new rule needs a moment (SQS Developer Guide, "Short
   * and long polling"; EventBridge API reference, PutRule).
   */
  readonly isLocal: boolean;
  /** What every client is made with, for those that only one command needs. */
  readonly clientSettings: ClientSettings;
  /** Identifies the caller, as CloudTrail does. Not a secret. */
  accessKeyId(): Promise<string | undefined>;
  close(): void;
}

/** Settings that all clients of the AWS SDK take. */
interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
}

/** A local run takes any credentials; real ones must not be read, let alone sent, for it. */
const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Makes the clients. Connects to nothing yet. */
export function connect(options: ConnectionOptions = {}): AwsAccess {
  const { endpoint, region, profile, isLocal, stack } = readConnection(options);
  const settings: ClientSettings = {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(isLocal && { credentials: localCredentials, maxAttempts: 2 }),
  };
  // Queues lie where the other APIs are: their URLs name AWS's own host, also behind another endpoint.
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  const eventBridge = new EventBridgeClient(settings);
  const cloudFormation = new CloudFormationClient(settings);
  const dynamoDb = new DynamoDBClient(settings);
  const secretsManager = new SecretsManagerClient(settings);
  return {
    sqs,
    eventBridge,
    cloudFormation,
    dynamoDb,
    secretsManager,
    stack,
    isLocal,
    clientSettings: settings,
    accessKeyId: async () =>
      isLocal ? undefined : (await sqs.config.credentials().catch(() => undefined))?.accessKeyId,
    close() {
      for (const client of [sqs, eventBridge, cloudFormation, dynamoDb, secretsManager]) {
        client.destroy();
      }
    },
  };
}
