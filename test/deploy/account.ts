import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** For what a deployment test writes; removed at its end. */
export const folder = process.env.DEPLOY_TEST_FOLDER ?? '';

/** URL of the emulator. */
export const endpoint = process.env.AWS_ENDPOINT_URL ?? '';

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

/** Resource types that are looked for: how each is listed, and where the names stand in the answer. */
export const listings: readonly (readonly [type: string, command: string, query: string])[] = [
  ['AWS::ApiGateway::RestApi', 'apigateway get-rest-apis', 'items[].name'],
  ['AWS::ApiGatewayV2::Api', 'apigatewayv2 get-apis', 'Items[].Name'],
  ['AWS::CloudWatch::Alarm', 'cloudwatch describe-alarms', 'MetricAlarms[].AlarmName'],
  ['AWS::DynamoDB::Table', 'dynamodb list-tables', 'TableNames[]'],
  ['AWS::Events::Archive', 'events list-archives', 'Archives[].ArchiveName'],
  ['AWS::Events::EventBus', 'events list-event-buses', 'EventBuses[].Name'],
  ['AWS::IAM::Role', 'iam list-roles', 'Roles[].RoleName'],
  ['AWS::KMS::Key', 'kms list-keys', 'Keys[].KeyId'],
  ['AWS::Lambda::Function', 'lambda list-functions', 'Functions[].FunctionName'],
  [
    'AWS::Lambda::EventSourceMapping',
    'lambda list-event-source-mappings',
    'EventSourceMappings[].UUID',
  ],
  ['AWS::Logs::LogGroup', 'logs describe-log-groups', 'logGroups[].logGroupName'],
  ['AWS::S3::Bucket', 's3api list-buckets', 'Buckets[].Name'],
  ['AWS::SecretsManager::Secret', 'secretsmanager list-secrets', 'SecretList[].Name'],
  ['AWS::SNS::Topic', 'sns list-topics', 'Topics[].TopicArn'],
  ['AWS::SQS::Queue', 'sqs list-queues', 'QueueUrls[]'],
  ['AWS::SSM::Parameter', 'ssm describe-parameters', 'Parameters[].Name'],
];

/** A resource that is in the account. */
export interface Found {
  readonly type: string;
  readonly name: string;
}

/** What is in the account, whoever made it, without AWS's own keys. */
export async function inventory(): Promise<readonly Found[]> {
  const found = await Promise.all(
    listings.map(async ([type, command, query]) => {
      const names = await aws<string[] | null>(...command.split(' '), '--query', query);
      return (Array.isArray(names) ? names : []).map((name) => ({ type, name }));
    }),
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
