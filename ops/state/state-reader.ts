import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { stateKey } from '../../events/state/state-key.ts';
import { keyAttributes, timeIndex } from '../../events/state/state-keys.ts';
import { type Fact, readItem } from './read-item.ts';

/** An entry of a list: which item, and its place. */
export interface Entry {
  readonly pk: string;
  readonly sk: string;
  /** Time and id. */
  readonly sort: string;
}

/** Reads the state table: by key, by partition, and along a list. It never scans. */
export class StateReader {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** One fact. */
  async get(pk: string, ...sk: readonly string[]): Promise<Fact | undefined> {
    const Key = { pk: { S: pk }, sk: { S: stateKey(...sk) } };
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key }));
    return Item && readItem(Item);
  }

  /** All facts of a partition, by sort key. */
  async partition(pk: string): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          ExclusiveStartKey,
        }),
      );
      facts.push(...Items.map(readItem));
      ExclusiveStartKey = LastEvaluatedKey as typeof ExclusiveStartKey;
    } while (ExclusiveStartKey);
    return facts;
  }

  /** The newest entries of a list, newest first; with `before`, those before that place. */
  async newest(list: string, limit: number, before?: string): Promise<readonly Entry[]> {
    const { listPartition, listSort } = keyAttributes;
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: timeIndex,
        KeyConditionExpression: `#list = :list${before === undefined ? '' : ' AND #sort < :before'}`,
        ExpressionAttributeNames: {
          '#list': listPartition,
          ...(before === undefined ? {} : { '#sort': listSort }),
        },
        ExpressionAttributeValues: {
          ':list': { S: list },
          ...(before === undefined ? {} : { ':before': { S: before } }),
        },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return Items.map(({ pk, sk, [listSort]: sort }) => ({
      pk: pk?.S ?? '',
      sk: sk?.S ?? '',
      sort: sort?.S ?? '',
    }));
  }

  /** The sessions in a list of sessions; or the one that is named, known or not. */
  async sessions(pk: string, only?: string): Promise<readonly string[]> {
    if (only !== undefined) return [only];
    return (await this.partition(pk)).map(({ session }) => String(session));
  }
}
