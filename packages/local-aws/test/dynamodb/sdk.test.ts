import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalRun } from '../../src/local-run.ts';
import { cleanUp, runTemplates } from '../template/run-template.ts';

let run: LocalRun;
let client: DynamoDBClient;

const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

const shape = {
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: ['chat', 'at', 'kind'].map((AttributeName) => ({
    AttributeName,
    AttributeType: AttributeName === 'at' ? ('N' as const) : ('S' as const),
  })),
  KeySchema: keys('chat', 'at'),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-kind',
      KeySchema: keys('kind', 'at'),
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};

beforeAll(async () => {
  run = await runTemplates({ Shop: { Resources: {} } });
  client = new DynamoDBClient({
    endpoint: run.awsEndpoint,
    region: run.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  await client.send(new CreateTableCommand({ TableName: 'notes', ...shape }));
});

afterAll(async () => {
  client.destroy();
  await cleanUp();
});

const item = (chat: string, at: number, more: object = {}) => ({
  chat: { S: chat },
  at: { N: String(at) },
  ...more,
});

const put = (chat: string, at: number, more: object = {}) =>
  client.send(new PutItemCommand({ TableName: 'notes', Item: item(chat, at, more) }));

describe('tables', () => {
  test('are described as they were created, and listed by name', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'notes' }));
    expect(Table).toMatchObject({
      TableName: 'notes',
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/notes',
      KeySchema: shape.KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-kind', IndexStatus: 'ACTIVE' }],
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['notes']);
  });

  test('are created once, and do not exist after they are deleted', async () => {
    const again = client.send(new CreateTableCommand({ TableName: 'notes', ...shape }));
    await expect(again).rejects.toThrow(ResourceInUseException);
    const unknown = client.send(new DeleteTableCommand({ TableName: 'nobody' }));
    await expect(unknown).rejects.toThrow(ResourceNotFoundException);
  });
});

describe('items', () => {
  test('are found by their key, or by an arn for the table', async () => {
    await put('found', 1, { text: { S: 'Grüße 👋' }, big: { N: '1.50e2' } });
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/notes',
        Key: item('found', 1),
      }),
    );
    expect(Item).toEqual(item('found', 1, { text: { S: 'Grüße 👋' }, big: { N: '150' } }));
  });

  test('are not overwritten when a condition fails, and are returned on request', async () => {
    await put('kept', 1, { kind: { S: 'first' } });
    const error = await client
      .send(
        new PutItemCommand({
          TableName: 'notes',
          Item: item('kept', 1),
          ConditionExpression: 'attribute_not_exists(chat)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({ Item: item('kept', 1, { kind: { S: 'first' } }) });
  });

  test('are returned in the order of their sort keys, in pages, in both directions', async () => {
    for (const at of [10, 9, -1, 2.5]) {
      await put('ordered', at);
    }
    const page = async (forward: boolean, start?: object) =>
      client.send(
        new QueryCommand({
          TableName: 'notes',
          KeyConditionExpression: 'chat = :chat',
          ExpressionAttributeValues: { ':chat': { S: 'ordered' } },
          ScanIndexForward: forward,
          Limit: 3,
          ExclusiveStartKey: start as never,
        }),
      );
    const first = await page(true);
    const second = await page(true, first.LastEvaluatedKey);
    const ats = [...(first.Items ?? []), ...(second.Items ?? [])].map(({ at }) => at?.N);
    expect(ats).toEqual(['-1', '2.5', '9', '10']);
    expect(second.LastEvaluatedKey).toBeUndefined();
    expect((await page(false)).Items?.map(({ at }) => at?.N)).toEqual(['10', '9', '2.5']);
  });

  test('are in an index if they have its attributes', async () => {
    await put('one', 1, { kind: { S: 'call' }, text: { S: 'not in the index' } });
    await put('two', 2, { kind: { S: 'call' } });
    await client.send(
      new UpdateItemCommand({
        TableName: 'notes',
        Key: item('two', 2),
        UpdateExpression: 'REMOVE kind',
      }),
    );
    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'notes',
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'call' } },
      }),
    );
    expect(Items).toEqual([item('one', 1, { kind: { S: 'call' } })]);
  });

  test('are written and read in batches', async () => {
    const all = Array.from({ length: 25 }, (_, at) => item('batch', at));
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: { notes: all.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { notes: { Keys: all } } }),
    );
    expect(Responses?.notes).toEqual(all);
  });

  test('are written in a transaction all together or not at all', async () => {
    const transaction = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'notes', Item: item('all', 1) } },
          {
            ConditionCheck: {
              TableName: 'notes',
              Key: item('all', 2),
              ConditionExpression: 'attribute_exists(chat)',
            },
          },
        ],
      }),
    );
    const error = await transaction.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'notes', Key: item('all', 1) }),
    );
    expect(Item).toBeUndefined();
  });

  test('are all in one of the segments of a parallel scan', async () => {
    const segments = await Promise.all(
      [0, 1, 2].map((Segment) =>
        client.send(new ScanCommand({ TableName: 'notes', Segment, TotalSegments: 3 })),
      ),
    );
    const { Count } = await client.send(new ScanCommand({ TableName: 'notes', Select: 'COUNT' }));
    const parts = segments.map((segment) => segment.Count ?? 0);
    expect(parts.reduce((sum, part) => sum + part)).toBe(Count);
    expect(Math.max(...parts)).toBeLessThan(Count ?? 0);
  });
});

describe('invalid requests are refused with DynamoDB’s messages', () => {
  const write = (more: object) =>
    client.send(new PutItemCommand({ TableName: 'notes', Item: item('refused', 1), ...more }));

  test.each([
    [
      'a reserved word as a name',
      { ConditionExpression: 'status = :s', ExpressionAttributeValues: { ':s': { S: 'x' } } },
      'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ],
    [
      'a value that no expression uses',
      {
        ConditionExpression: 'attribute_exists(chat)',
        ExpressionAttributeValues: { ':s': { S: 'x' } },
      },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:s}',
    ],
    [
      'a value that is not given',
      { ConditionExpression: 'a = :s' },
      'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :s',
    ],
    [
      'an expression that is none',
      { ConditionExpression: 'a ! b' },
      'Invalid ConditionExpression: Syntax error; token: "!", near: "a ! b"',
    ],
    [
      'an item without its key',
      { Item: { chat: { S: 'x' } } },
      'One or more parameter values were invalid: Missing the key at in the item',
    ],
    [
      'a key of another type',
      { Item: { chat: { S: 'x' }, at: { S: '1' } } },
      'One or more parameter values were invalid: Type mismatch for key at expected: N actual: S',
    ],
    [
      'an empty key',
      { Item: item('', 1) },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: chat',
    ],
    [
      'a number with 39 digits',
      { Item: item('x', 1, { n: { N: '123456789012345678901234567890123456789' } }) },
      'Attempting to store more than 38 significant digits in a Number',
    ],
    [
      'an item above 400 KB',
      { Item: item('x', 1, { text: { S: 'x'.repeat(410_000) } }) },
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'a condition of before expressions, which only the local run lacks',
      { Expected: { chat: { Exists: false } } },
      'Expected is not supported by the local run: use an expression in its place.',
    ],
  ])('%s', async (_, more, message) => {
    await expect(write(more)).rejects.toThrow(message);
  });

  test('an update of the key', async () => {
    const update = client.send(
      new UpdateItemCommand({
        TableName: 'notes',
        Key: item('refused', 1),
        UpdateExpression: 'SET chat = :c',
        ExpressionAttributeValues: { ':c': { S: 'x' } },
      }),
    );
    await expect(update).rejects.toThrow(
      'One or more parameter values were invalid: Cannot update attribute chat. This attribute is part of the key',
    );
  });

  test('a table that does not exist', async () => {
    const read = client.send(new DescribeTimeToLiveCommand({ TableName: 'nobody' }));
    await expect(read).rejects.toThrow(ResourceNotFoundException);
  });
});
