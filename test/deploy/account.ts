import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  ListArchivesCommand,
  ListEventBusesCommand,
} from '@aws-sdk/client-eventbridge';
import {
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';

/** The project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** For what a deployment test writes; removed at its end. */
export const folder = process.env.DEPLOY_TEST_FOLDER ?? '';

/** URLs of emulators: each worker of Jest has one of its own, or all tests share the only one. */
const urls = (process.env.DEPLOY_TEST_URLS ?? '').split(',');

/** URL of the emulator. */
export const endpoint = urls[(Number(process.env.JEST_WORKER_ID) - 1) % urls.length] ?? '';
process.env.AWS_ENDPOINT_URL = endpoint;

const bin = join(root, 'node_modules/.bin');

/** Runs a command in the project. Rejects with all that it wrote when it ends with another status than 0. */
export async function run(command: string, ...words: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, words, {
      cwd: root,
      maxBuffer: 100_000_000,
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    return stdout + (command === 'cdk' ? stderr : '');
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${words.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** The AWS CDK CLI. */
export const cdk = (...words: readonly string[]) => run('cdk', ...words);

/** The aws command line, and the JSON that it answers. */
export async function aws<Result>(...words: readonly string[]): Promise<Result> {
  const text = await run('aws', '--endpoint-url', endpoint, '--output', 'json', ...words);
  return (text.trim() === '' ? {} : JSON.parse(text)) as Result;
}

/** A command of `fanout` against the deployed stack. */
export const fanout = (stack: string, ...words: readonly string[]) =>
  run('node', '--disable-warning=ExperimentalWarning', 'bin/fanout.ts', ...words, '--stack', stack);

/** The names in all pages of a list. */
async function namesIn<Page>(
  pages: AsyncIterable<Page>,
  namesOf: (page: Page) => readonly (string | undefined)[] | undefined,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of pages) {
    names.push(...(namesOf(page) ?? []).filter((name) => name !== undefined));
  }
  return names;
}

/** Names as the aws command line lists them: for services whose SDK the project does not have. */
const named = (command: string, query: string) => async (): Promise<readonly string[]> =>
  (await aws<string[] | null>(...command.split(' '), '--query', query)) ?? [];

const eventBridge = new EventBridgeClient({});
const lambda = { client: new LambdaClient({}) };

/** Resource types that are looked for, each with its list of names. */
export const listings: readonly (readonly [
  type: string,
  list: () => Promise<readonly (string | undefined)[]>,
])[] = [
  ['AWS::ApiGateway::RestApi', named('apigateway get-rest-apis', 'items[].name')],
  ['AWS::ApiGatewayV2::Api', named('apigatewayv2 get-apis', 'Items[].Name')],
  ['AWS::IAM::Role', named('iam list-roles', 'Roles[].RoleName')],
  ['AWS::KMS::Key', named('kms list-keys', 'Keys[].KeyId')],
  ['AWS::SNS::Topic', named('sns list-topics', 'Topics[].TopicArn')],
  ['AWS::SSM::Parameter', named('ssm describe-parameters', 'Parameters[].Name')],
  [
    'AWS::CloudWatch::Alarm',
    () =>
      namesIn(paginateDescribeAlarms({ client: new CloudWatchClient({}) }, {}), (page) =>
        page.MetricAlarms?.map(({ AlarmName }) => AlarmName),
      ),
  ],
  [
    'AWS::DynamoDB::Table',
    () =>
      namesIn(
        paginateListTables({ client: new DynamoDBClient({}) }, {}),
        ({ TableNames }) => TableNames,
      ),
  ],
  [
    'AWS::Events::Archive',
    async () =>
      (await eventBridge.send(new ListArchivesCommand({}))).Archives?.map(
        ({ ArchiveName }) => ArchiveName,
      ) ?? [],
  ],
  [
    'AWS::Events::EventBus',
    async () =>
      (await eventBridge.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name) ??
      [],
  ],
  [
    'AWS::Lambda::Function',
    () =>
      namesIn(paginateListFunctions(lambda, {}), (page) =>
        page.Functions?.map(({ FunctionName }) => FunctionName),
      ),
  ],
  [
    'AWS::Lambda::EventSourceMapping',
    () =>
      namesIn(paginateListEventSourceMappings(lambda, {}), (page) =>
        page.EventSourceMappings?.map(({ UUID }) => UUID),
      ),
  ],
  [
    'AWS::Logs::LogGroup',
    () =>
      namesIn(paginateDescribeLogGroups({ client: new CloudWatchLogsClient({}) }, {}), (page) =>
        page.logGroups?.map(({ logGroupName }) => logGroupName),
      ),
  ],
  [
    'AWS::S3::Bucket',
    async () =>
      (await new S3Client({ forcePathStyle: true }).send(new ListBucketsCommand({}))).Buckets?.map(
        ({ Name }) => Name,
      ) ?? [],
  ],
  [
    'AWS::SecretsManager::Secret',
    () =>
      namesIn(paginateListSecrets({ client: new SecretsManagerClient({}) }, {}), (page) =>
        page.SecretList?.map(({ Name }) => Name),
      ),
  ],
  [
    'AWS::SQS::Queue',
    () => namesIn(paginateListQueues({ client: new SQSClient({}) }, {}), (page) => page.QueueUrls),
  ],
];

/** A resource that is in the account. */
export interface Found {
  readonly type: string;
  readonly name: string;
}

/** What is in the account, whoever made it, without AWS's own keys. */
export async function inventory(): Promise<readonly Found[]> {
  const found = await Promise.all(
    listings.map(async ([type, list]) =>
      (await list()).map((name) => ({ type, name: name ?? '' })),
    ),
  );
  const aliases = await aws<Record<string, string>[]>(
    'kms',
    'list-aliases',
    '--query',
    'Aliases[]',
  );
  const ofAws = new Set(
    aliases
      .filter(({ AliasName }) => AliasName?.startsWith('alias/aws/'))
      .map(({ TargetKeyId }) => TargetKeyId),
  );
  return found.flat().filter(({ name }) => !ofAws.has(name));
}

/** Whether a resource is a key that is deleted as far as a key can be: after a time of grace. */
export async function isPendingDeletion({ type, name }: Found): Promise<boolean> {
  const query = ['--query', 'KeyMetadata.KeyState'];
  return (
    type === 'AWS::KMS::Key' &&
    (await aws('kms', 'describe-key', '--key-id', name, ...query)) === 'PendingDeletion'
  );
}
