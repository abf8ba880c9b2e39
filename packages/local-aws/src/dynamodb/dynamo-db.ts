import { type AwsService, type JsonObject, unknownOperation } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { type Action, type ServiceTables, TransactionTokens } from './actions/action.ts';
import { query, scan } from './actions/query.ts';
import { batchGetItem, getItem, transactGetItems } from './actions/read-items.ts';
import {
  createTable,
  deleteTable,
  describeTable,
  describeTimeToLive,
  listTables,
  listTagsOfResource,
  removeExpired,
  setTimeToLive,
  tagResource,
  untagResource,
  updateTable,
  updateTimeToLive,
} from './actions/tables.ts';
import {
  batchWriteItem,
  deleteItem,
  putItem,
  transactWriteItems,
  updateItem,
} from './actions/write-items.ts';
import { ItemTable, TableCatalog } from './tables/item-table.ts';

/** The account, region and store of the service. */
interface DynamoDbOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Interval between searches for expired items. DynamoDB itself promises no more than "within a few
 * days".
 */
const sweepMs = 3_600_000;

const actions: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    CreateTable: createTable,
    DeleteItem: deleteItem,
    DeleteTable: deleteTable,
    DescribeTable: describeTable,
    DescribeTimeToLive: describeTimeToLive,
    GetItem: getItem,
    ListTables: listTables,
    ListTagsOfResource: listTagsOfResource,
    PutItem: putItem,
    Query: query,
    Scan: scan,
    TagResource: tagResource,
    TransactGetItems: transactGetItems,
    TransactWriteItems: transactWriteItems,
    UntagResource: untagResource,
    UpdateItem: updateItem,
    UpdateTable: updateTable,
    UpdateTimeToLive: updateTimeToLive,
  }),
);

/**
 * DynamoDB: tables, items, secondary indexes, expressions, batches, transactions and time to live, in
 * the store. Without streams, backups, PartiQL, and the parameters that expressions
 * replaced in 2014.
 */
export class DynamoDb implements AwsService {
  readonly #tables: ServiceTables;
  readonly #closing = new AbortController();
  #cancelSweep = () => {};

  constructor(options: DynamoDbOptions) {
    const { store } = options;
    this.#tables = {
      ...options,
      catalog: new TableCatalog(store),
      items: new ItemTable(store),
      tokens: new TransactionTokens(store),
    };
    this.#scheduleSweep();
  }

  /** Runs an action, for example `CreateTable`. Throws DynamoDB's errors. */
  async call(action: string, input: JsonObject): Promise<JsonObject> {
    const run = actions.get(action);
    if (!run) {
      throw unknownOperation('DynamoDB', action);
    }
    return run(input, this.#tables);
  }

  /** Sets the attribute (epoch seconds) after which items of a table expire; undefined: none does. */
  setTimeToLive(table: string, attribute: string | undefined): void {
    const found = this.#tables.catalog.find(table);
    if (found) {
      setTimeToLive(found, attribute, this.#tables);
    }
  }

  /** Stops looking for expired items. */
  close(): void {
    this.#closing.abort();
    this.#cancelSweep();
  }

  #scheduleSweep(): void {
    this.#cancelSweep = this.#tables.clock.after(sweepMs, () => {
      void removeExpired(this.#tables, this.#closing.signal).then(() => {
        if (!this.#closing.signal.aborted) {
          this.#scheduleSweep();
        }
      });
    });
  }
}
