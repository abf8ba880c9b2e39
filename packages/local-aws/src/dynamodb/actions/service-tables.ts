import type { JsonObject } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { ItemTable } from '../tables/item-table.ts';
import type { TableCatalog } from '../tables/table-catalog.ts';

/** What the actions work on. */
export interface ServiceTables {
  readonly store: Store;
  readonly catalog: TableCatalog;
  readonly items: ItemTable;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/** One action of the API: the request's body in, the answer's out; throws what DynamoDB would answer. */
export type Action = (input: JsonObject, tables: ServiceTables) => JsonObject;
