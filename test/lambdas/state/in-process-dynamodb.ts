import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { keyAttributes } from '../../../events/state/state-keys.ts';
import { call as callTable, clientWith } from '../in-process-table.ts';

const call = (name: string, input: object) => callTable({ constructor: { name }, input });

/** The part of the SDK's client that the functions and the command line use. */
export const client: DynamoDBClient = clientWith()();

/** The client as the functions ask for it. */
export const stateDb = () => client;

let tables = 0;

const { partition, sort } = keyAttributes;

/** The properties of the stack's state table that a table needs. */
export const stateTable = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [partition, sort].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ],
};

/** A new state table, with the keys of the stack's. */
export async function createStateTable(): Promise<string> {
  const TableName = `state-${++tables}`;
  await call('CreateTable', { TableName, ...stateTable });
  return TableName;
}

/** All items of a table, by key. Only tests may scan. */
export async function dump(
  TableName: string,
): Promise<ReadonlyMap<string, Record<string, AttributeValue>>> {
  const { Items, LastEvaluatedKey } = await call('Scan', { TableName });
  if (LastEvaluatedKey) {
    throw new Error('More than one page: make the scenario smaller.');
  }
  return new Map(
    (Items as Record<string, AttributeValue>[])
      .map((item) => [JSON.stringify([item.pk?.S, item.sk?.S]), item] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
