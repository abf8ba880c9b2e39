import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readPort } from '../port.ts';

/** The given options for the connection. */
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

/** The account or local run that a command uses. */
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

const loopback = /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Determines what a command connects to: the local run, unless a stack or another endpoint is given.
 *
 * @throws if the endpoint is not a URL, or AWS_PORT is not a port
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
  const isLocal = endpoint !== undefined && loopback.test(hostOf(endpoint));
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

/** The AWS clients of the commands, the same for a local run and for an AWS account. */
export interface AwsAccess {
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  /** The given stack, if any. */
  readonly stack: string | undefined;
  /**
   * Whether a call sees the changes of the previous one. AWS is distributed, so a short poll may miss
   * messages and a new rule takes a moment (SQS Developer Guide, "Short and long polling"; EventBridge API
   * reference, PutRule).
   */
  readonly isLocal: boolean;
  /** The settings of every client, for clients that only one command needs. */
  readonly clientSettings: ClientSettings;
  /** Identifies the caller, as CloudTrail does. Not a secret. */
  accessKeyId(): Promise<string | undefined>;
  close(): void;
}

/** Settings of all clients of the AWS SDK. */
interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
}

/** A local run accepts any credentials. Real ones must be neither read nor sent. */
const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Creates the clients. Does not connect yet. */
export function connect(options: ConnectionOptions = {}): AwsAccess {
  const { endpoint, region, profile, isLocal, stack } = readConnection(options);
  const settings: ClientSettings = {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(isLocal && { credentials: localCredentials, maxAttempts: 2 }),
  };
  // Queues are at the same endpoint as the other APIs, although their URLs contain AWS's own host.
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
