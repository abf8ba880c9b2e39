import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { IdentityItem } from '../../events/identity/identity-item.ts';

/** The key of an item: one of the two addresses, and the account that the pair belongs to. */
export type Place = Pick<IdentityItem, 'address' | 'scope'>;

/** Maximum number of items in one BatchGetItem (DynamoDB API reference). */
export const maxReads = 100;

/** Maximum number of items in one BatchWriteItem (DynamoDB API reference). */
const maxWrites = 25;

/** Parallel calls when all members of a group are stored. */
const callsAtOnce = 8;

/** Attempts for writes that DynamoDB returns as unprocessed, for example when it throttles. */
const maxAttempts = 3;

/** The table of identities in DynamoDB. Each method throws unless all items were processed. */
export class IdentityTable {
  readonly #client: () => DynamoDBClient;
  readonly #tableName: string;

  constructor(client: () => DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** Reads the items that exist, with one call for every {@link maxReads} keys. */
  async get(places: readonly Place[], abortSignal: AbortSignal): Promise<readonly IdentityItem[]> {
    const found: IdentityItem[] = [];
    await atOnce(chunks(places, maxReads), async (chunk) => {
      const Keys = chunk.map(({ address, scope }) => marshall({ address, scope }));
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client().send(
        // Eventually consistent reads cost half, and are usually up to date within a second.
        new BatchGetItemCommand({ RequestItems: { [this.#tableName]: { Keys } } }),
        { abortSignal },
      );
      if (Object.keys(UnprocessedKeys).length > 0) {
        throw new DOMException('Items were not read.', 'UnprocessedKeys');
      }
      const items = Responses[this.#tableName] ?? [];
      found.push(...items.map((item) => unmarshall(item) as IdentityItem));
    });
    return found;
  }

  /** Writes items and replaces existing ones. */
  async put(items: readonly IdentityItem[], abortSignal: AbortSignal): Promise<void> {
    const requests = items.map(
      (item): WriteRequest => ({
        PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
      }),
    );
    await atOnce(chunks(requests, maxWrites), async (chunk) => {
      let remaining: readonly WriteRequest[] = chunk;
      for (let attempt = 0; remaining.length > 0; attempt += 1) {
        if (attempt === maxAttempts) {
          throw new DOMException('Items were not written.', 'UnprocessedItems');
        }
        const { UnprocessedItems = {} } = await this.#client().send(
          new BatchWriteItemCommand({ RequestItems: { [this.#tableName]: [...remaining] } }),
          { abortSignal },
        );
        remaining = UnprocessedItems[this.#tableName] ?? [];
      }
    });
  }

  /** Removes items, except those that contain another address by now. */
  remove(items: readonly IdentityItem[], abortSignal: AbortSignal): Promise<void> {
    return atOnce(items, async ({ address, scope, other }) => {
      try {
        await this.#client().send(
          new DeleteItemCommand({
            TableName: this.#tableName,
            Key: marshall({ address, scope }),
            ConditionExpression: '#other = :other',
            ExpressionAttributeNames: { '#other': 'other' },
            ExpressionAttributeValues: marshall({ ':other': other }),
          }),
          { abortSignal },
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) {
          throw error;
        }
      }
    });
  }
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** Runs the work for each item, at most {@link callsAtOnce} at once. */
async function atOnce<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const workers = Array.from({ length: Math.min(callsAtOnce, waiting.length) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await work(next);
    }
  });
  await Promise.all(workers);
}
