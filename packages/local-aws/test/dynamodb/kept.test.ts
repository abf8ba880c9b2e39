import { afterAll, expect, test } from '@jest/globals';
import { SteppedClock } from '../../src/clock.ts';
import type { LocalRun } from '../../src/local-run.ts';
import { cleanUp, runTemplates, temporaryDirectory } from '../template/run-template.ts';

afterAll(cleanUp);

const index = (name: string) => ({
  IndexName: `by-${name}`,
  KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
});

const table = (indexes: readonly string[], key = 'id') => ({
  Orders: {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'orders',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [key, ...indexes].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
          ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes.map(index) } : {}),
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      },
    },
  },
});

const order = (id: string, more: object = {}) => ({
  TableName: 'orders',
  Item: { id: { S: id }, buyer: { S: 'Ada' }, ...more },
});

const idsBy = async ({ services }: LocalRun, name: string, value: string) => {
  const { Items } = await services.dynamoDb.call('Query', {
    TableName: 'orders',
    IndexName: `by-${name}`,
    KeyConditionExpression: '#name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': { S: value } },
  });
  return (Items as { id: { S: string } }[]).map(({ id }) => id.S);
};

const idsIn = async ({ services }: LocalRun) => {
  const { Items } = await services.dynamoDb.call('Scan', { TableName: 'orders' });
  return (Items as { id: { S: string } }[]).map(({ id }) => id.S);
};

test('Items survive a restart, and are in indexes that the template has added', async () => {
  const dataDirectory = temporaryDirectory();
  const before = await runTemplates(table(['state']), { dataDirectory });
  await before.services.dynamoDb.call('PutItem', order('1', { state: { S: 'open' } }));
  expect(await idsBy(before, 'state', 'open')).toEqual(['1']);
  await before.close();

  const after = await runTemplates(table(['buyer']), { dataDirectory });
  expect(await idsBy(after, 'buyer', 'Ada')).toEqual(['1']);
  await expect(idsBy(after, 'state', 'open')).rejects.toThrow(
    'The table does not have the specified index: by-state',
  );
  await after.close();
});

test('Another key for a table with items is refused, with advice', async () => {
  const dataDirectory = temporaryDirectory();
  const before = await runTemplates(table([]), { dataDirectory });
  await before.close();
  await expect(runTemplates(table([], 'number'), { dataDirectory })).rejects.toThrow(
    'The table orders has another key or other local indexes than in the template',
  );
});

test('Items expire within an hour of their time to live, and no others do', async () => {
  const clock = new SteppedClock();
  const run = await runTemplates(table(['buyer']), { clock });
  const in90Minutes = { N: String(Math.floor(clock.now() / 1000) + 5_400) };
  const sixYearsAgo = { N: String(Math.floor(clock.now() / 1000) - 6 * 365 * 86_400) };
  await run.services.dynamoDb.call('PutItem', order('goes', { expiresAt: in90Minutes }));
  await run.services.dynamoDb.call('PutItem', order('too old to go', { expiresAt: sixYearsAgo }));
  await run.services.dynamoDb.call('PutItem', order('stays'));
  await run.services.dynamoDb.call('PutItem', order('says a text', { expiresAt: { S: '1' } }));

  await clock.advance(3_600_000);
  expect(await idsIn(run)).toHaveLength(4);
  await clock.advance(3_600_000);
  expect(await idsIn(run)).toEqual(['says a text', 'stays', 'too old to go']);
  expect(await idsBy(run, 'buyer', 'Ada')).toHaveLength(3);
  await run.close();
});
