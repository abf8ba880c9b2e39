import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { keyAttributes, stateKey, timeIndex } from '../../events/state/state-keys.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { findOnlyStack, listResources } from '../aws/find-pipeline.ts';

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
    if (only !== undefined) {
      return [only];
    }
    return (await this.partition(pk)).map(({ session }) => String(session));
  }
}

/** One fact of the state, as the consumers have written it. */
export interface Fact {
  readonly pk: string;
  readonly sk: string;
  /** Its place in time among the values of the same fact. */
  readonly stamp: string;
  /** Its place in a list, where it stands in one. */
  readonly listSort?: string;
  readonly [name: string]: unknown;
}

/** An item of the table with plain values. */
function readItem(item: Record<string, AttributeValue>): Fact {
  const { pk = '', sk = '', stamp = '', ...rest } = readMap(item) as Record<string, string>;
  const { [keyAttributes.listSort]: listSort, [keyAttributes.listPartition]: _, ...data } = rest;
  return { ...data, pk, sk, stamp, listSort };
}

function readMap(map: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readValue(value)]));
}

function readValue(value: AttributeValue): unknown {
  if (value.N !== undefined) {
    return Number(value.N);
  }
  if (value.L !== undefined) {
    return value.L.map(readValue);
  }
  if (value.M !== undefined) {
    return readMap(value.M);
  }
  return value.S ?? value.BOOL;
}

/** The text of a field, if it is one. */
export const textOf = (fact: Fact | undefined, name: string): string | undefined =>
  typeof fact?.[name] === 'string' ? fact[name] : undefined;

/** Name of a stack's state table; undefined when it has none. */
export async function findStateTable(
  access: AwsAccess,
  stackName: string,
): Promise<string | undefined> {
  return (await listResources(access, stackName))
    .flatMap((resource) =>
      resource.ResourceType === 'AWS::DynamoDB::Table' ? (resource.PhysicalResourceId ?? []) : [],
    )
    .find((name) => name.endsWith('-state'));
}

/**
 * A reader of the stack's state table.
 *
 * @throws when the stack has none
 */
export async function openState(access: AwsAccess): Promise<StateReader> {
  const stackName = access.stack ?? (await findOnlyStack(access));
  const table = await findStateTable(access, stackName);
  if (table === undefined) {
    throw new Error(
      `The stack ${stackName} has no state table: none of its consumers keeps state. The setting "state" says which do.`,
    );
  }
  return new StateReader(access.dynamoDb, table);
}
