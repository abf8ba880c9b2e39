import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalRun } from '../src/local-run.ts';
import {
  cleanUp,
  inlineFunction,
  runTemplates,
  temporaryDirectory,
} from './template/run-template.ts';

const version = findVersion();

/** The first line of `aws --version`; undefined when the command is not installed. */
function findVersion(): string | undefined {
  try {
    return execFileSync('aws', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch {
    return undefined;
  }
}

process.stdout.write(
  version
    ? `aws command line: ${version}`
    : 'aws command line: not installed, so it was not tried (pip install awscli)\n',
);

let run: LocalRun;
beforeAll(async () => {
  run = await runTemplates({
    App: {
      Resources: {
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
        Files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
        Echo: inlineFunction('exports.handler = async (event) => event', { FunctionName: 'echo' }),
        Secret: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'key', SecretString: 's' },
        },
        Limit: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/shop/limit', Type: 'String', Value: '7' },
        },
      },
      Outputs: { Bus: { Value: { Ref: 'Bus' } } },
    },
  });
});
afterAll(cleanUp);

const execute = promisify(execFile);

/** Runs `aws` against the local run. Returns its output; rejects with its error text. */
async function awsText(...args: string[]): Promise<string> {
  const { stdout } = await execute(
    'aws',
    [...args, '--endpoint-url', run.awsEndpoint, '--output', 'json'],
    {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_PAGER: '',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      },
    },
  );
  return stdout;
}

/** Like {@link awsText}, for output that is JSON. */
async function aws(...args: string[]): Promise<Record<string, never>> {
  const text = await awsText(...args);
  return text.trim() === '' ? {} : JSON.parse(text);
}

(version ? describe : describe.skip)('the aws command line', () => {
  test('makes a queue and a rule, publishes, and receives what the rule let through', async () => {
    const { QueueUrl } = await aws('sqs', 'create-queue', '--queue-name', 'mine');
    await aws(
      ...['events', 'put-rule', '--event-bus-name', 'shop', '--name', 'mine'],
      ...['--event-pattern', '{"source":["shop"]}'],
    );
    const arn = 'arn:aws:sqs:us-east-1:000000000000:mine';
    await aws(
      ...['events', 'put-targets', '--event-bus-name', 'shop', '--rule', 'mine'],
      ...['--targets', `Id=1,Arn=${arn}`],
    );
    const entry = {
      EventBusName: 'shop',
      Source: 'shop',
      DetailType: 'order',
      Detail: '{"text":"👋🏽"}',
    };
    expect(await aws('events', 'put-events', '--entries', JSON.stringify([entry]))).toMatchObject({
      FailedEntryCount: 0,
    });
    const { Messages } = await aws('sqs', 'receive-message', '--queue-url', String(QueueUrl));
    const [{ Body }] = Messages as unknown as [{ Body: string }];
    expect(JSON.parse(Body)).toMatchObject({ source: 'shop', detail: { text: '👋🏽' } });
  });

  test('gets the documented errors', async () => {
    await expect(aws('sqs', 'get-queue-url', '--queue-name', 'no')).rejects.toThrow(
      /NonExistentQueue|QueueDoesNotExist/,
    );
    await expect(aws('sqs', 'create-queue', '--queue-name', 'a b')).rejects.toThrow(
      /InvalidParameterValue/,
    );
    await expect(
      aws('events', 'put-rule', '--name', 'x', '--event-pattern', '{"source":"shop"}'),
    ).rejects.toThrow(/InvalidEventPatternException/);
    await expect(aws('events', 'describe-event-bus', '--name', 'no')).rejects.toThrow(
      /ResourceNotFoundException/,
    );
    await expect(aws('ssm', 'get-parameter', '--name', 'no')).rejects.toThrow(/ParameterNotFound/);
  });

  test('copies files to a bucket and back, and lists them', async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'order.json');
    writeFileSync(file, '{"text":"👋🏽"}');
    await awsText('s3', 'cp', file, 's3://files/orders/1.json');
    await awsText('s3', 'cp', file, 's3://files/readme');
    const listing = await awsText('s3', 'ls', 's3://files');
    expect(listing).toMatch(/PRE orders\/\n.* 19 readme\n$/);
    await awsText('s3', 'cp', 's3://files/orders/1.json', join(folder, 'copy.json'));
    expect(readFileSync(join(folder, 'copy.json'), 'utf8')).toBe('{"text":"👋🏽"}');
  });

  test('reads secrets, parameters, functions and stacks', async () => {
    expect(await aws('secretsmanager', 'get-secret-value', '--secret-id', 'key')).toMatchObject({
      SecretString: 's',
    });
    expect(await aws('ssm', 'get-parameters-by-path', '--path', '/shop')).toMatchObject({
      Parameters: [{ Name: '/shop/limit', Value: '7' }],
    });
    expect(await aws('lambda', 'list-functions')).toMatchObject({
      Functions: [{ FunctionName: 'echo' }],
    });
    expect(await aws('cloudformation', 'describe-stacks')).toMatchObject({
      Stacks: [{ StackName: 'App', Outputs: [{ OutputKey: 'Bus', OutputValue: 'shop' }] }],
    });
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
  });
});
