import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { aliasConsumers, stateKey, stateKeys } from '../../events/state/state-keys.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { findOnlyStack, listResources } from '../aws/find-pipeline.ts';

/** Reads the state table: by key, by partition, and along a partition by time. It never scans. */
export class StateReader {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #aliases = new Map<string, Promise<readonly Fact[]>>();

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

  /** All facts of a partition, by sort key; with `prefix`, those whose sort key begins with it. */
  partition(pk: string, prefix?: string): Promise<readonly Fact[]> {
    return this.#query({
      KeyConditionExpression: `pk = :pk${prefix === undefined ? '' : ' AND begins_with(sk, :prefix)'}`,
      ExpressionAttributeValues: {
        ':pk': { S: pk },
        ...(prefix === undefined ? {} : { ':prefix': { S: prefix } }),
      },
    });
  }

  /** The facts with the greatest sort keys of a partition, greatest first; with `before`, those below it. */
  newest(pk: string, limit: number, before?: string): Promise<readonly Fact[]> {
    const query = {
      KeyConditionExpression: `pk = :pk${before === undefined ? '' : ' AND sk < :before'}`,
      ExpressionAttributeValues: {
        ':pk': { S: pk },
        ...(before === undefined ? {} : { ':before': { S: before } }),
      },
      ScanIndexForward: false,
    };
    return this.#query(query, limit);
  }

  /** Reads pages of a query until its end or the limit. */
  async #query(
    query: Omit<QueryCommandInput, 'TableName'>,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          ...{ TableName: this.#table, ...query, ExclusiveStartKey },
          ...(Number.isFinite(limit) ? { Limit: limit - facts.length } : {}),
        }),
      );
      facts.push(...Items.map(readItem));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey && facts.length < limit);
    return facts;
  }

  /**
   * The other addresses that consumers have seen together with an address, each with the version of the first
   * event.
   */
  aliases(session: string, address: string): Promise<readonly Fact[]> {
    const key = JSON.stringify([session, address]);
    const known = this.#aliases.get(key) ?? this.#readAliases(session, address);
    this.#aliases.set(key, known);
    return known;
  }

  async #readAliases(session: string, address: string): Promise<readonly Fact[]> {
    const found = await Promise.all(
      aliasConsumers.map((consumer) =>
        this.partition(stateKeys.aliases(consumer, session, address)),
      ),
    );
    return found.flat();
  }

  /** The sessions in a list of sessions; or only the named session, whether it is known or not. */
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
  /** Orders the values of this fact: time of the event, time of receipt, id of the event. */
  readonly version: string;
  readonly [name: string]: unknown;
}

/** An item of the table with plain values. */
function readItem(item: Record<string, AttributeValue>): Fact {
  const { pk = '', sk = '', version = '', ...data } = readMap(item) as Record<string, string>;
  return { ...data, pk, sk, version };
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
      `The stack ${stackName} has no state table: the setting "state" is none, or no consumer has state.`,
    );
  }
  return new StateReader(access.dynamoDb, table);
}

/** Which sessions are read. */
export interface SessionChoice {
  /** Name of the session. @default - all */
  readonly session?: string;
}

/** Which page of a list to read. */
export interface PageOptions {
  readonly limit: number;
  /** Only rows before this place: the beginning of a time, or the `next` of the previous page. */
  readonly before?: string;
}

/** A part of one or more lists, newest first. */
export interface Page<Of> {
  readonly entries: readonly (Fact & { readonly of: Of })[];
  /** Where the next page begins. Absent on the last one. */
  readonly next?: string;
}

/** Rows of one page, and where the next one begins. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/** Time and id, with which the sort key of an entry begins. */
const timeAndId = ({ sk }: Fact) => sk.split('#').slice(0, 2).join('#');

/**
 * The newest entries of several lists together. Entries at the same place stay on one page, so that
 * none is lost between two; the page may then be a little longer.
 *
 * @param placeOf the beginning of an entry's sort key that is its place
 */
export async function readPage<Of>(
  reader: StateReader,
  lists: readonly { readonly list: string; readonly of: Of }[],
  { limit, before }: PageOptions,
  placeOf: (entry: Fact) => string = timeAndId,
): Promise<Page<Of>> {
  const found = await Promise.all(
    lists.map(async ({ list, of }) => {
      const entries = await reader.newest(list, limit + 1, before);
      const last = entries[limit];
      // There may be more entries at the place of the last one than were read.
      const rest = last ? await reader.partition(list, `${placeOf(last)}#`) : [];
      const known = new Set(entries.map(({ sk }) => sk));
      return [...entries, ...rest.filter(({ sk }) => !known.has(sk))].map((entry) => ({
        ...entry,
        of,
      }));
    }),
  );
  const all = found.flat().sort((a, b) => compare(b.sk, a.sk));
  const last = all[limit - 1];
  const place = last && placeOf(last);
  const entries = all.filter((entry, index) => index < limit || placeOf(entry) === place);
  return {
    entries,
    ...(entries.length < all.length && place !== undefined ? { next: place } : {}),
  };
}

/**
 * Rows made of the entries of several lists. An entry need not make a row, so pages are read until there are
 * as many rows as asked for, or no more entries. Rows at the same place stay on one page.
 *
 * @param rowsOf the rows of entries, newest first, each with an entry at its place
 */
export async function readRows<Of, Row>(
  reader: StateReader,
  lists: readonly { readonly list: string; readonly of: Of }[],
  { limit, before }: PageOptions,
  rowsOf: (entries: Page<Of>['entries']) => Promise<readonly (readonly [entry: Fact, row: Row])[]>,
): Promise<Rows<Row>> {
  const found: (readonly [Fact, Row])[] = [];
  let next = before;
  do {
    // One more than asked for, which shows whether there is a next page.
    const page = await readPage(reader, lists, { limit: limit + 1, before: next });
    found.push(...(await rowsOf(page.entries)));
    next = page.next;
  } while (next !== undefined && found.length <= limit);
  const last = found[limit - 1]?.[0];
  const place = last && timeAndId(last);
  const shown = found.filter(([entry], index) => index < limit || timeAndId(entry) === place);
  return {
    rows: shown.map(([, row]) => row),
    next: shown.length < found.length ? place : next,
  };
}

/** Order of DynamoDB's sort keys: by bytes; those of a list begin with a time. */
export const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
