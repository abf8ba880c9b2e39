import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { JsonObject } from '@event-fanout/local-aws';
import { identityKey } from '../../events/identity/identity-item.ts';
import { memoryDynamoDb } from '../../packages/local-aws/test/dynamodb/memory-dynamo-db.ts';

const dynamoDb = memoryDynamoDb();

/** Any command of the SDK, as far as a client needs one. */
export interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/** Calls the local run's DynamoDB without HTTP in between, with the errors of the SDK. */
export async function call(command: Command): Promise<JsonObject> {
  try {
    const json = JSON.parse(JSON.stringify(command.input)) as JsonObject;
    return await dynamoDb.call(command.constructor.name.replace(/Command$/, ''), json);
  } catch (error) {
    const { name, message, fields } = error as Error & { readonly fields?: object };
    if (name !== 'ConditionalCheckFailedException') {
      throw error;
    }
    throw new ConditionalCheckFailedException({ message, $metadata: {}, ...fields });
  }
}

/** What happens to a call: it is answered, never arrives, or is written and its answer lost. */
export type Fate = 'answered' | 'not-written' | 'answer-lost' | 'sent-again';

/** A client of the SDK whose calls have these fates. `sent-again`: the SDK's own retry of a lost answer. */
export function clientWith(
  fateOf: (command: Command) => Fate = () => 'answered',
): () => DynamoDBClient {
  const send = async (command: Command) => {
    const fate = fateOf(command);
    if (fate === 'not-written') {
      throw new Error('DynamoDB is down');
    }
    if (fate === 'answered') {
      return call(command);
    }
    const answer = await call(command).catch(() => undefined);
    if (fate === 'sent-again') {
      return call(command);
    }
    throw new Error(`No answer${answer ? '' : ' and no write'}`);
  };
  return () => ({ send }) as unknown as DynamoDBClient;
}

let tables = 0;

/** A new table with these keys, all of them texts. */
async function createTable(hash: string, range?: string): Promise<string> {
  const TableName = `table-${++tables}`;
  const names = [hash, ...(range === undefined ? [] : [range])];
  await dynamoDb.call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: names.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
  });
  return TableName;
}

/** A new table with the keys of the deduplication table. */
export const createIdTable = (): Promise<string> => createTable('id');

/** A new table with the keys of the table of identities. */
export const createIdentitiesTable = (): Promise<string> =>
  createTable(identityKey.address, identityKey.scope);

/** All items of a table. */
export async function itemsOf(TableName: string): Promise<Record<string, AttributeValue>[]> {
  const { Items } = await dynamoDb.call('Scan', { TableName });
  return Items as unknown as Record<string, AttributeValue>[];
}
