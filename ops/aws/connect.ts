import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { stackNameOf } from '../../events/names.ts';
import { isLoopback, readPort } from '../port.ts';
import { defaultDataFolder, type RunFile, readRunFile } from '../run-file.ts';

/** Where to work, as far as it is given. */
export interface ConnectionOptions {
  /** Name of the CloudFormation stack. @default - the only one of the local run */
  readonly stack?: string;
  /** The stage instead, of which the stack has its name. */
  readonly stage?: string;
  /** URL of the AWS APIs. @default - the local run's, unless a stack is named */
  readonly endpoint?: string;
  /** Data folder of the local run. @default .fanout */
  readonly data?: string;
  /** @default - that of the local run; else what the AWS SDK finds */
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
  /** The local run that was found by its data folder; undefined if an option or AWS_PORT says where to work. */
  readonly run?: RunFile;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** No local run was found, and nothing else is named. */
export class NoLocalRunError extends Error {}

/**
 * Decides where to work: at the stack or endpoint that is named, at the port in AWS_PORT, or else with
 * the local run of this folder.
 *
 * @throws NoLocalRunError if none of it is there; Error if the endpoint is no URL, or the port in AWS_PORT
 * none
 */
export function readConnection(
  options: ConnectionOptions,
  environment: Environment = process.env,
): Connection {
  const { profile } = options;
  const stack = options.stack ?? (options.stage && stackNameOf(options.stage));
  const isNamed =
    options.endpoint !== undefined || (stack !== undefined && options.data === undefined);
  const port =
    isNamed || options.data !== undefined ? undefined : readPort('AWS_PORT', 0, environment);
  const run = isNamed || port ? undefined : requireRun(options.data);
  const endpoint = options.endpoint ?? (port ? `http://127.0.0.1:${port}` : run?.awsEndpoint);
  const isLocal = endpoint !== undefined && isLoopback(hostOf(endpoint));
  const region =
    options.region ??
    run?.region ??
    (isLocal ? (environment.AWS_REGION ?? 'us-east-1') : undefined);
  return { stack, endpoint, region, profile, isLocal, ...(run && { run }) };
}

/** The run of a data folder. @throws NoLocalRunError when none runs */
export function requireRun(dataFolder: string = defaultDataFolder): RunFile {
  const run = readRunFile(dataFolder);
  if (run) {
    return run;
  }
  throw new NoLocalRunError(
    `No local run of this folder is running (${join(dataFolder, 'run.json')}). Start it with "npm start", or name a stack in your AWS account with --stack or --stage.`,
  );
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
  /** See {@link Connection}. */
  readonly run: RunFile | undefined;
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
  const { endpoint, region, profile, isLocal, stack, run } = readConnection(options);
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
    run,
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

/** Runs `work` for each item, at most `width` at the same time. The results are in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  width = 8,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await work(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
