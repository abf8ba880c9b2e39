import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type ConnectionOptions, readConnection } from './connection.ts';

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
      for (const client of [sqs, eventBridge, cloudFormation, dynamoDb, secretsManager])
        client.destroy();
    },
  };
}
