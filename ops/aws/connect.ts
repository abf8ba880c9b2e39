import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { stackNameOf } from '../../events/names.ts';
import { startCommand } from '../command-name.ts';
import { isLoopback, readPort } from '../port.ts';
import { printable } from '../printable.ts';
import { defaultDataFolder, type RunFile, readRunFile } from '../run-file.ts';
import { isRegion } from './region.ts';

/** Options that select the stack and the AWS endpoint. */
export interface ConnectionOptions {
  /** Name of the CloudFormation stack. @default - the only one of the local run */
  readonly stack?: string;
  /** The stage, which selects the stack by its default name. */
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

/** The endpoint and stack that a command uses. */
export interface Connection {
  readonly stack: string | undefined;
  /** Undefined: the AWS SDK chooses it. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Whether the endpoint is a program on this machine, which must never receive real credentials. */
  readonly isLocal: boolean;
  /**
   * The local run that was found by its data folder; undefined if an option or AWS_PORT selects the endpoint.
   */
  readonly run?: RunFile;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown when no local run is found and no stack or endpoint is named. */
export class NoLocalRunError extends Error {}

/**
 * Selects the endpoint: the named stack or endpoint, else the port in AWS_PORT, else the local run of this
 * folder.
 *
 * @throws NoLocalRunError if there is none of these; Error if the endpoint is not a URL, or AWS_PORT not a
 *   port
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
  if (options.region !== undefined && !isRegion(options.region)) {
    throw new Error(
      `"${printable(options.region)}" is not the name of an AWS region, such as eu-central-1.`,
    );
  }
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
    `No local run of this folder is running (${join(dataFolder, 'run.json')}). Start it with "${startCommand()}", or name a stack in your AWS account with --stack or --stage.`,
  );
}

function hostOf(endpoint: string): string {
  if (URL.canParse(endpoint)) {
    return new URL(endpoint).hostname;
  }
  throw new Error(
    `"${endpoint}" is not the URL of an AWS endpoint, such as http://127.0.0.1:4566.`,
  );
}

/** Clients of the AWS APIs. The same for a local run and for an AWS account. */
export interface AwsAccess {
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  /** Name of the stack, if one was given. */
  readonly stack: string | undefined;
  /**
   * Whether each call sees the changes of the one before. In AWS a short poll may miss messages, and a new
   * rule takes effect after a short time (SQS Developer Guide, "Short and long polling"; EventBridge API
   * reference, PutRule).
   */
  readonly isLocal: boolean;
  /** See {@link Connection}. */
  readonly run: RunFile | undefined;
  /** Settings for further clients that only one command needs. */
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

/** A local run accepts any credentials. Real ones must not be read or sent for it. */
const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Creates the clients. Does not connect yet. */
export function connect(options: ConnectionOptions = {}): AwsAccess {
  const { endpoint, region, profile, isLocal, stack, run } = readConnection(options);
  const settings: ClientSettings = {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(isLocal && { credentials: localCredentials, maxAttempts: 2 }),
  };
  // Calls the configured endpoint for queues too: their URLs contain AWS's own host name.
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
