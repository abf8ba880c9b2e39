import { beforeEach, expect, test } from '@jest/globals';
import { SteppedClock } from '../../src/clock.ts';
import type { DynamoDb } from '../../src/dynamodb/dynamo-db.ts';
import { openStore, type Store } from '../../src/store.ts';
import { memoryDynamoDb } from './memory-dynamo-db.ts';

let store: Store;
let clock: SteppedClock;
let dynamoDb: DynamoDb;

beforeEach(async () => {
  store = openStore();
  clock = new SteppedClock();
  dynamoDb = memoryDynamoDb(store, clock);
  await dynamoDb.call('CreateTable', {
    TableName: 'totals',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});

/** Adds one in a transaction, if `condition` holds. */
const addOne = (
  ClientRequestToken: string | undefined,
  condition = 'attribute_not_exists(closed)',
) =>
  dynamoDb.call('TransactWriteItems', {
    ClientRequestToken,
    TransactItems: [
      {
        Update: {
          TableName: 'totals',
          Key: { id: { S: 'a' } },
          UpdateExpression: 'ADD amount :one',
          ConditionExpression: condition,
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
    ],
  });

async function total(): Promise<unknown> {
  const { Item } = await dynamoDb.call('GetItem', { TableName: 'totals', Key: { id: { S: 'a' } } });
  return (Item as { amount: { N: string } } | undefined)?.amount.N;
}

test('a transaction that is sent again with its token within ten minutes is written once', async () => {
  await addOne('token');
  await clock.advance(599_000);
  expect(await addOne('token')).toEqual({});
  expect(await total()).toBe('1');
  await addOne('other');
  await addOne(undefined);
  expect(await total()).toBe('3');
  await clock.advance(1_000);
  await addOne('token');
  expect(await total()).toBe('4');
});

test('the token is known after a restart', async () => {
  await addOne('token');
  dynamoDb = memoryDynamoDb(store, clock);
  await addOne('token');
  expect(await total()).toBe('1');
});

test('another transaction with the same token is refused', async () => {
  await addOne('token');
  await expect(addOne('token', 'attribute_exists(id)')).rejects.toMatchObject({
    code: 'IdempotentParameterMismatchException',
  });
});

test('a transaction that was cancelled may be sent again with its token', async () => {
  const needsItem = 'attribute_exists(id)';
  await expect(addOne('token', needsItem)).rejects.toMatchObject({
    code: 'TransactionCanceledException',
  });
  await addOne('first');
  await addOne('token', needsItem);
  expect(await total()).toBe('2');
});

test.each([[''], ['x'.repeat(37)]])('the token %j is refused', async (token) => {
  await expect(addOne(token)).rejects.toMatchObject({ code: 'ValidationException' });
});
