import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { identityKey } from '../../events/identity/identity-item.ts';
import { keyAttributes, readKey } from '../../events/state/state-keys.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { KnownPerson } from './known-identities.ts';

/** The tables of a stage; absent where a setting leaves one out. */
export interface PersonTables {
  readonly identities?: string | undefined;
  readonly state?: string | undefined;
}

type Key = Record<string, AttributeValue>;

/** The stored data of a person. */
export interface StoredOfPerson {
  /** Keys of the items to delete, by table. */
  readonly items: readonly { readonly table: string; readonly key: Key }[];
  /** Keys of state about others in which the person is named as the one who did it. */
  readonly mentions: readonly { readonly table: string; readonly key: Key }[];
  /** Number of items to delete by kind: `pairs`, `messages`, `groups`, `calls`, `labels`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The field of the state with the person who did something. */
const doer = 'by';

/**
 * Finds the stored data of a person: the pairs, and each item of the state table whose key or data contains
 * one of their addresses. It scans the state table, since a person's data is also in the partitions of
 * groups, messages, calls and labels.
 */
export async function findStored(
  { dynamoDb }: AwsAccess,
  tables: PersonTables,
  { addresses, items: pairs }: KnownPerson,
): Promise<StoredOfPerson> {
  const spellings = new Set(
    addresses.flatMap((address) =>
      address.startsWith('+') ? [address, `${address.slice(1)}@c.us`] : [address],
    ),
  );
  const items: { table: string; key: Key }[] = [];
  const mentions: { table: string; key: Key }[] = [];
  const counts: Record<string, number> = {};
  const add = (table: string, key: Key, what: string) => {
    items.push({ table, key });
    counts[what] = (counts[what] ?? 0) + 1;
  };
  for (const { address, scope } of pairs) {
    const key = { [identityKey.address]: { S: address }, [identityKey.scope]: { S: scope } };
    add(tables.identities ?? '', key, 'pairs');
  }
  const { state } = tables;
  if (state === undefined) {
    return { items, mentions, counts };
  }
  for await (const { Items = [] } of paginateScan({ client: dynamoDb }, { TableName: state })) {
    for (const stored of Items) {
      const { [keyAttributes.partition]: pk, [keyAttributes.sort]: sk } = stored;
      const key: Key = {
        [keyAttributes.partition]: pk as AttributeValue,
        [keyAttributes.sort]: sk as AttributeValue,
      };
      const [consumer = ''] = readKey(pk?.S ?? '');
      const { [doer]: by, ...item } = unmarshall(stored);
      // The state of a session names its own account, which is not a person in a chat.
      if (consumer === 'sessions') {
        continue;
      }
      if (isAbout(item, spellings)) {
        add(state, key, consumer);
      } else if (names(by, spellings)) {
        mentions.push({ table: state, key });
      }
    }
  }
  return { items, mentions, counts };
}

/** Whether the key of an item has an address of a person, or its data names one. */
function isAbout(item: Readonly<Record<string, unknown>>, spellings: ReadonlySet<string>): boolean {
  const keys = Object.values(keyAttributes).flatMap((name) =>
    typeof item[name] === 'string' ? readKey(item[name]) : [],
  );
  return keys.some((part) => spellings.has(part)) || names(item, spellings);
}

/** Fields in which the state has addresses. Others are words that people chose, and may say anything. */
const addressFields: ReadonlySet<string> = new Set(['id', 'phone', 'lid', 'alias']);

/** Whether an address somewhere in a value is one of these. */
function names(value: unknown, spellings: ReadonlySet<string>): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([name, each]) =>
      typeof each === 'string'
        ? addressFields.has(name) && spellings.has(each)
        : names(each, spellings),
    )
  );
}

/** Maximum number of items that one BatchWriteItem deletes (API reference). */
const maxDeletes = 25;

/**
 * Deletes the items that {@link findStored} has found. It can be repeated after an error.
 *
 * @param deleted is called with the number of items deleted so far
 */
export async function deleteStored(
  { dynamoDb }: AwsAccess,
  { items, mentions }: StoredOfPerson,
  deleted: (count: number) => void = () => {},
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / maxDeletes) }, (_, index) =>
    items.slice(index * maxDeletes, (index + 1) * maxDeletes),
  );
  let count = 0;
  await inParallel(batches, async (batch) => {
    await deleteBatch(dynamoDb, batch);
    count += batch.length;
    deleted(count);
  });
  await inParallel(mentions, ({ table, key }) =>
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: key,
        UpdateExpression: 'REMOVE #by',
        ConditionExpression: 'attribute_exists(#by)',
        ExpressionAttributeNames: { '#by': doer },
      }),
    ),
  );
}

async function deleteBatch(client: DynamoDBClient, batch: StoredOfPerson['items']): Promise<void> {
  let remaining: Record<string, WriteRequest[]> = {};
  for (const { table, key: Key } of batch) {
    remaining[table] ??= [];
    remaining[table].push({ DeleteRequest: { Key } });
  }
  while (Object.keys(remaining).length > 0) {
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: remaining }),
    );
    remaining = UnprocessedItems;
  }
}
