import { afterAll, describe, expect, test } from '@jest/globals';
import type { LocalRun } from '../../src/local-run.ts';
import { cleanUp, inlineFunction, runTemplates, temporaryDirectory } from './run-template.ts';

afterAll(cleanUp);

const lambdaClient = (run: LocalRun) => (name: string) =>
  run.services.lambda.invoke(name, '{}').then(({ payload }) => JSON.parse(payload));

/** Waits for a message, for as long as it takes. */
async function receive(
  run: LocalRun,
  input: { QueueUrl: string; MessageAttributeNames?: string[] },
) {
  for (;;) {
    const { Messages } = await run.services.sqs.call('ReceiveMessage', {
      ...input,
      WaitTimeSeconds: 20,
    });
    if (Messages) {
      return Messages as { readonly Body: string }[];
    }
  }
}

describe('parameters and secrets', () => {
  const App = {
    Parameters: {
      Stage: { Type: 'String', Default: 'dev' },
      Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
    },
    Resources: {
      Limit: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/shop/limit', Type: 'String', Value: '7' },
      },
      Key: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          Name: 'key',
          GenerateSecretString: {
            SecretStringTemplate: '{"user":"me"}',
            GenerateStringKey: 'password',
          },
        },
      },
      Handler: inlineFunction('exports.handler = async () => process.env', {
        FunctionName: 'shows',
        Environment: {
          Variables: {
            LIMIT: '{{resolve:ssm:/shop/limit}}',
            USER: {
              'Fn::Join': [
                '',
                ['{{resolve:secretsmanager:', { Ref: 'Key' }, ':SecretString:user::}}'],
              ],
            },
            STAGE: { Ref: 'Stage' },
            ZONE: { 'Fn::Select': [1, { Ref: 'Zones' }] },
          },
        },
      }),
    },
  };

  test('reach functions by dynamic references, and parameters of the template by the environment', async () => {
    const run = await runTemplates({ App }, { environment: { Stage: 'prod' } });
    expect(await lambdaClient(run)('shows')).toMatchObject({
      LIMIT: '7',
      USER: 'me',
      STAGE: 'prod',
      ZONE: 'b',
    });
    await run.close();
  });

  test('that were changed at run time survive a restart, until the template’s value changes', async () => {
    const dataDirectory = temporaryDirectory();
    const first = await runTemplates({ App }, { dataDirectory });
    const generated = first.services.secretsManager.valueOf('key');
    expect(JSON.parse(generated ?? '')).toMatchObject({
      user: 'me',
      password: expect.stringMatching(/^\w{32}$/),
    });
    await first.services.parameterStore.call('PutParameter', {
      Name: '/shop/limit',
      Value: '9',
      Overwrite: true,
    });
    await first.close();

    const second = await runTemplates({ App }, { dataDirectory });
    expect(second.services.secretsManager.valueOf('key')).toBe(generated);
    expect(second.services.parameterStore.valueOf('/shop/limit')).toBe('9');
    await second.services.secretsManager.call('PutSecretValue', {
      SecretId: 'key',
      SecretString: 'mine',
    });
    await second.close();

    const Limit = {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/shop/limit', Type: 'String', Value: '8' },
    };
    const changed = { ...App, Resources: { ...App.Resources, Limit, Handler: inlineFunction('') } };
    const third = await runTemplates({ App: changed }, { dataDirectory });
    expect(third.services.secretsManager.valueOf('key')).toBe('mine');
    expect(third.services.parameterStore.valueOf('/shop/limit')).toBe('8');
    await third.close();
  });

  test('a secret takes the value of its environment variable when that value has changed', async () => {
    const dataDirectory = temporaryDirectory();
    const Metadata = {
      'fanout:local-value': { variables: ['SIGNING_SECRET'], default: 'default' },
    };
    const Key = { Type: 'AWS::SecretsManager::Secret', Metadata, Properties: { Name: 'key' } };
    const values: (string | undefined)[] = [];
    for (const [SIGNING_SECRET, changed] of [
      [undefined, 'at run time'],
      [undefined, undefined],
      ['given', undefined],
    ]) {
      const run = await runTemplates(
        { App: { Resources: { Key } } },
        { dataDirectory, environment: { SIGNING_SECRET } },
      );
      values.push(run.services.secretsManager.valueOf('key'));
      if (changed) {
        await run.services.secretsManager.call('PutSecretValue', {
          SecretId: 'key',
          SecretString: changed,
        });
      }
      await run.close();
    }
    expect(values).toEqual(['default', 'at run time', 'given']);
  });
});

describe('the parameter store', () => {
  test('lists by path and by page, and names missing parameters', async () => {
    const run = await runTemplates({ App: { Resources: {} } });
    const store = run.services.parameterStore;
    for (const Name of ['/a/1', '/a/2', '/a/b/3', 'plain']) {
      await store.call('PutParameter', { Name, Value: Name, Type: 'String' });
    }
    const names = (answer: { Parameters?: unknown }) =>
      (answer.Parameters as { Name: string }[]).map(({ Name }) => Name);
    expect(names(await store.call('GetParametersByPath', { Path: '/a' }))).toEqual([
      '/a/1',
      '/a/2',
    ]);
    expect(
      names(await store.call('GetParametersByPath', { Path: '/a/', Recursive: true })),
    ).toEqual(['/a/1', '/a/2', '/a/b/3']);
    const page = await store.call('DescribeParameters', { MaxResults: 3 });
    expect(names(page)).toEqual(['/a/1', '/a/2', '/a/b/3']);
    expect(names(await store.call('DescribeParameters', { NextToken: page.NextToken }))).toEqual([
      'plain',
    ]);
    expect(await store.call('GetParameters', { Names: ['plain', 'no'] })).toMatchObject({
      Parameters: [{ Name: 'plain', Version: 1 }],
      InvalidParameters: ['no'],
    });
    const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter/a/1';
    expect(await store.call('GetParameter', { Name: arn })).toMatchObject({
      Parameter: { Value: '/a/1', ARN: arn },
    });
    await run.close();
  });

  test.each([
    ['GetParameter', { Name: 'no' }, 'ParameterNotFound'],
    ['GetParameter', { Name: 7 }, 'ValidationException'],
    ['GetParameters', { Names: [] }, 'ValidationException'],
    ['PutParameter', { Name: 'aws-x', Value: 'x', Type: 'String' }, 'ValidationException'],
    ['PutParameter', { Name: 'x', Value: 'x' }, 'ValidationException'],
    ['PutParameter', { Name: 'x', Value: 'x'.repeat(4097), Type: 'String' }, 'ValidationException'],
    ['DescribeParameters', { MaxResults: 51 }, 'ValidationException'],
    ['Nothing', {}, 'UnknownOperationException'],
  ])('%s with %j is answered %s', async (action, input, code) => {
    const run = await runTemplates({ App: { Resources: {} } });
    await expect(run.services.parameterStore.call(action, input)).rejects.toMatchObject({ code });
    await run.close();
  });
});

describe('functions', () => {
  test('a function URL has its own port, which the output contains', async () => {
    const code = 'exports.handler = async (event) => ({ statusCode: 201, body: event.rawPath })';
    const run = await runTemplates({
      App: {
        Resources: {
          Handler: inlineFunction(code, { FunctionName: 'hello' }),
          Url: {
            Type: 'AWS::Lambda::Url',
            Properties: {
              AuthType: 'NONE',
              TargetFunctionArn: { 'Fn::GetAtt': ['Handler', 'Arn'] },
            },
          },
        },
        Outputs: {
          Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } },
          Never: { Value: 'x', Condition: 'No' },
        },
        Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
      },
    });
    const { Url = '', Never } = run.stacks[0]?.outputs ?? {};
    expect(Url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(Never).toBeUndefined();
    const response = await fetch(`${Url}any/path`);
    expect([response.status, await response.text()]).toEqual([201, '/any/path']);
    await run.close();
  });

  test('an alias and a version stand for the function, and asynchronous failures go to the declared destination', async () => {
    const run = await runTemplates({
      App: {
        Resources: {
          Failed: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failed' } },
          Handler: inlineFunction('exports.handler = async () => { throw new Error("no") }', {
            FunctionName: 'fails',
          }),
          Version: {
            Type: 'AWS::Lambda::Version',
            Properties: { FunctionName: { Ref: 'Handler' } },
          },
          Alias: {
            Type: 'AWS::Lambda::Alias',
            Properties: {
              Name: 'live',
              FunctionName: { Ref: 'Handler' },
              FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
            },
          },
          Config: {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: {
              FunctionName: { Ref: 'Handler' },
              Qualifier: 'live',
              MaximumRetryAttempts: 0,
              DestinationConfig: {
                OnFailure: { Destination: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
              },
            },
          },
        },
        Outputs: { Alias: { Value: { Ref: 'Alias' } } },
      },
    });
    await run.services.lambda.invoke(run.stacks[0]?.outputs.Alias ?? '', '{"order":7}', {
      type: 'Event',
    });
    const QueueUrl = run.services.sqs.urlOf('arn:aws:sqs:us-east-1:000000000000:failed');
    const Messages = await receive(run, { QueueUrl });
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted' },
      requestPayload: { order: 7 },
    });
    await run.close();
  });

  test('the result of an asynchronous invocation goes to its on-success destination', async () => {
    const run = await runTemplates({
      App: {
        Resources: {
          Done: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'done' } },
          Handler: inlineFunction('exports.handler = async ({ order }) => ({ paid: order })', {
            FunctionName: 'pays',
          }),
          Config: {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: {
              FunctionName: { Ref: 'Handler' },
              Qualifier: '$LATEST',
              DestinationConfig: {
                OnSuccess: { Destination: { 'Fn::GetAtt': ['Done', 'Arn'] } },
              },
            },
          },
        },
      },
    });
    await run.services.lambda.invoke('pays', '{"order":7}', { type: 'Event' });
    const QueueUrl = run.services.sqs.urlOf('arn:aws:sqs:us-east-1:000000000000:done');
    const Messages = await receive(run, { QueueUrl });
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'Success' },
      requestPayload: { order: 7 },
      responsePayload: { paid: 7 },
    });
    await run.close();
  });

  test("a function's dead-letter queue gets the event itself", async () => {
    const run = await runTemplates({
      App: {
        Resources: {
          Failed: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failed' } },
          Config: {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: {
              FunctionName: { Ref: 'Handler' },
              Qualifier: '$LATEST',
              MaximumRetryAttempts: 0,
            },
          },
          Handler: inlineFunction('exports.handler = async () => { throw new Error("no") }', {
            FunctionName: 'fails',
            DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
          }),
        },
      },
    });
    await run.services.lambda.invoke('fails', '{"order":7}', { type: 'Event' });
    const QueueUrl = run.services.sqs.urlOf('arn:aws:sqs:us-east-1:000000000000:failed');
    const Messages = await receive(run, { QueueUrl, MessageAttributeNames: ['All'] });
    expect(Messages).toMatchObject([
      {
        Body: '{"order":7}',
        MessageAttributes: {
          ErrorCode: { StringValue: '200' },
          ErrorMessage: { StringValue: 'no' },
        },
      },
    ]);
    await run.close();
  });
});

describe('several stacks', () => {
  test('find the exports and outputs of others', async () => {
    const run = await runTemplates({
      Shared: {
        Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'shared' } } },
        Outputs: {
          Arn: {
            Value: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            Export: { Name: { 'Fn::Sub': '${AWS::StackName}-arn' } },
          },
        },
      },
      App: {
        Resources: {},
        Outputs: {
          Imported: { Value: { 'Fn::ImportValue': 'Shared-arn' } },
          Weak: { Value: { 'Fn::GetStackOutput': { StackName: 'Shared', OutputName: 'Arn' } } },
        },
      },
    });
    const arn = 'arn:aws:sqs:us-east-1:000000000000:shared';
    expect(run.stacks[1]?.outputs).toEqual({ Imported: arn, Weak: arn });
    await run.close();
  });
});
