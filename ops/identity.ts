import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { readAddress } from '../events/address.ts';
import { type IdentityItem, identityKey } from '../events/identity/identity-item.ts';
import { keyAttributes, readKey } from '../events/state/state-keys.ts';
import { type AwsAccess, inParallel } from './aws/connect.ts';
import { readChatId } from './state/person.ts';

/**
 * A phone number and a LID of one person, as an account of a session knows them. Times are ISO-8601 UTC.
 */
export interface KnownIdentity {
  readonly phone: string;
  readonly lid: string;
  readonly session: string | undefined;
  /** The session's account: its phone number, else its LID. */
  readonly account: string | undefined;
  /** Since when the pair is known. */
  readonly since: string;
  /** When it was last seen, with a precision of one week. */
  readonly lastSeen: string;
  /** When it expires unless it is seen again. */
  readonly expires: string;
}

/** A person's addresses and identities. */
export interface KnownPerson {
  /** All phone numbers (E.164) and LIDs, the given one first. */
  readonly addresses: readonly string[];
  readonly identities: readonly KnownIdentity[];
  /** The items of the identities table. */
  readonly items: readonly IdentityItem[];
}

/** Maximum number of addresses to follow; no person has more. */
const maxAddresses = 100;

/**
 * Parses a person as typed by a user: a phone number in any spelling, an address, or a LID (`…@lid`).
 *
 * @returns E.164, or the LID; undefined for anything else
 */
export function readPerson(given: string): string | undefined {
  const address = readAddress(readChatId(given));
  return address?.kind === 'user' ? (address.phone ?? address.lid) : undefined;
}

/**
 * Finds all pairs of a person in the identities table, for every account: those of the given address, those
 * of the addresses that it is paired with, and so on. Uses queries, no scan.
 *
 * @param address E.164, or a LID
 */
export async function findPerson(
  { dynamoDb }: AwsAccess,
  TableName: string,
  address: string,
): Promise<KnownPerson> {
  const addresses = new Set([address]);
  const items: IdentityItem[] = [];
  for (const each of addresses) {
    if (addresses.size > maxAddresses) {
      break;
    }
    const { Items = [] } = await dynamoDb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#address = :address',
        ExpressionAttributeNames: { '#address': identityKey.address },
        ExpressionAttributeValues: { ':address': { S: each } },
      }),
    );
    for (const found of Items) {
      const item = unmarshall(found) as IdentityItem;
      items.push(item);
      addresses.add(item.other);
    }
  }
  return { addresses: [...addresses], identities: identitiesIn(items), items };
}

/** Both items of a pair have the same content, so one is enough. */
function identitiesIn(items: readonly IdentityItem[]): readonly KnownIdentity[] {
  return items
    .filter(
      ({ address, other, scope }, index) =>
        !items
          .slice(0, index)
          .some((each) => each.scope === scope && each.address === other && each.other === address),
    )
    .map(({ address, other, session, account, since, seenAt, expiresAt }) => ({
      phone: address.startsWith('+') ? address : other,
      lid: address.startsWith('+') ? other : address,
      ...{ session, account, since, lastSeen: seenAt },
      expires: new Date(expiresAt * 1000).toISOString(),
    }));
}

/** Names of a stage's tables; undefined for a table that is disabled by a setting. */
export interface PersonTables {
  readonly identities?: string | undefined;
  readonly state?: string | undefined;
}

type Key = Record<string, AttributeValue>;

/** The stored items about a person. */
export interface StoredOfPerson {
  /** Keys of the items to delete, with their tables. */
  readonly items: readonly { readonly table: string; readonly key: Key }[];
  /** Keys of state about others in which the person is named as the actor. */
  readonly mentions: readonly { readonly table: string; readonly key: Key }[];
  /** Number of items to delete, by what they are: `pairs`, `messages`, `groups`, `calls`, `labels`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Field of the state that names the actor. */
const actorField = 'by';

/**
 * Finds what is stored about a person: the pairs, and in the state table each item whose key or data contains
 * one of their addresses. Scans the state table, because such items are in the partitions of groups,
 * messages, calls and labels too; this operation is rare.
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
      const { [actorField]: by, ...item } = unmarshall(stored);
      // The state of a session contains its own account, which is not a person in a chat.
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

/** Whether the key or the data of an item contains an address of a person. */
function isAbout(item: Readonly<Record<string, unknown>>, spellings: ReadonlySet<string>): boolean {
  const keys = Object.values(keyAttributes).flatMap((name) =>
    typeof item[name] === 'string' ? readKey(item[name]) : [],
  );
  return keys.some((part) => spellings.has(part)) || names(item, spellings);
}

/** Fields of the state that contain addresses. Others contain text that people have chosen. */
const addressFields: ReadonlySet<string> = new Set(['id', 'phone', 'lid', 'alias']);

/** Whether a value contains one of these addresses, at any depth. */
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

/** Maximum number of items in one BatchWriteItem (API reference). */
const maxDeletes = 25;

/**
 * Deletes what {@link findStored} has found. Can be repeated after an error.
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
        ExpressionAttributeNames: { '#by': actorField },
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
