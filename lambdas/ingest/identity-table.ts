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

/** Where an item is: one of the two addresses, and the account that knows the other. */
export type Place = Pick<IdentityItem, 'address' | 'scope'>;

/** Items that one BatchGetItem reads at most (API reference). */
export const maxReads = 100;

/** Items that one BatchWriteItem writes at most (API reference). */
const maxWrites = 25;

/** Calls at once when all members of a group are learned. */
const callsAtOnce = 8;

/** Attempts for writes that DynamoDB leaves unprocessed, as it does when it throttles. */
const maxAttempts = 3;

/** The table of identities in DynamoDB. Each call throws unless it was done whole. */
export class IdentityTable {
  readonly #client: () => DynamoDBClient;
  readonly #tableName: string;

  constructor(client: () => DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** The items that are there; one call for each {@link maxReads} places. */
  async get(places: readonly Place[], abortSignal: AbortSignal): Promise<readonly IdentityItem[]> {
    const found: IdentityItem[] = [];
    await atOnce(chunks(places, maxReads), async (chunk) => {
      const Keys = chunk.map(({ address, scope }) => marshall({ address, scope }));
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client().send(
        // Eventually consistent reads have half the price, and are up to date within a second.
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

  /** Writes items, whatever was there. */
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

  /** Removes items, except those that name another address by now. */
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

/** Does the work for each, for {@link callsAtOnce} at once. */
async function atOnce<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const workers = Array.from({ length: Math.min(callsAtOnce, waiting.length) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await work(next);
    }
  });
  await Promise.all(workers);
}
