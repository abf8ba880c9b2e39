import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Envelope } from '../../events/envelope.ts';
import type { IdentityItem } from '../../events/identity/identity-item.ts';
import type { IdentityPair } from '../../events/identity/learn.ts';

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

/** Days after which a pair that is seen again is written again, so that it does not expire. */
const refreshDays = 7;

const dayMs = 86_400_000;

/** A pair, and the event that contains it or was completed with it. */
export interface SeenPair extends IdentityPair {
  readonly scope: string;
  readonly event: Envelope;
  /** Whether the body contains both addresses. Otherwise one was completed with the other. */
  readonly isNamed: boolean;
}

/** The key of an item as text. No address contains a space. */
export const keyOf = ({ address, scope }: Place) => `${address} ${scope}`;

/** The keys of the two items of a pair. */
export const placesOf = ({ lid, phone, scope }: Pick<SeenPair, 'lid' | 'phone' | 'scope'>) => [
  { address: lid, scope },
  { address: phone, scope },
];

/** The pair that an item belongs to. */
export const pairOf = ({ address, other }: IdentityItem): IdentityPair =>
  address.startsWith('+') ? { lid: other, phone: address } : { lid: address, phone: other };

/** Keeps the first of several pairs that share an address. Pairs in a body come before completed ones. */
export function distinctPairs(pairs: readonly SeenPair[]): readonly SeenPair[] {
  const taken = new Set<string>();
  return pairs.filter((pair) => {
    const keys = placesOf(pair).map(keyOf);
    const isFree = !keys.some((key) => taken.has(key));
    for (const key of isFree ? keys : []) {
      taken.add(key);
    }
    return isFree;
  });
}

/** Whether both items of a pair exist and need no refresh. */
export function isStored(
  pair: SeenPair,
  itemAt: (place: Place) => IdentityItem | undefined,
): boolean {
  const [lid, phone] = placesOf(pair).map(itemAt);
  return (
    lid?.other === pair.phone &&
    phone?.other === pair.lid &&
    isFresh(lid, pair.event) &&
    isFresh(phone, pair.event)
  );
}

/** Whether an item was written recently enough, so that an event with this pair need not write it again. */
export const isFresh = (item: IdentityItem, event: Envelope) =>
  Date.parse(item.seenAt) > seenAt(event) - refreshDays * dayMs;

/** When a pair was seen, epoch milliseconds. Never in the future, even if the sender's clock is wrong. */
export function seenAt({ meta }: Envelope): number {
  return Math.min(Date.parse(meta.occurredAt), Date.parse(meta.receivedAt));
}

/**
 * Whether stored items take precedence over a pair that contradicts them. They do if they were seen later (an
 * event may arrive late), and always if the pair was only completed from the cache.
 */
export function isOutdated(pair: SeenPair, stored: readonly (IdentityItem | undefined)[]): boolean {
  const others = [pair.phone, pair.lid];
  return stored.some(
    (item, index) =>
      (!pair.isNamed && item?.other !== others[index]) ||
      (item !== undefined &&
        item.other !== others[index] &&
        Date.parse(item.seenAt) > seenAt(pair.event)),
  );
}

/** The items that a pair replaces: those of the addresses that its addresses were paired with before. */
export function replacedBy(
  { lid, phone, scope }: SeenPair,
  itemAt: (place: Place) => IdentityItem | undefined,
): readonly IdentityItem[] {
  const [before, owner] = [itemAt({ address: lid, scope }), itemAt({ address: phone, scope })];
  return [
    ...(before && before.other !== phone ? [{ ...before, address: before.other, other: lid }] : []),
    ...(owner && owner.other !== lid ? [{ ...owner, address: owner.other, other: phone }] : []),
  ];
}
