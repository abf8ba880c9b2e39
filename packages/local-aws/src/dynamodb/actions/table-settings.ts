import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import { keyOfItem } from '../tables/key-of.ts';
import { listOf, type TableDefinition } from '../tables/table-definition.ts';
import type { Action, ServiceTables } from './action.ts';

/** TagResource */
export const tagResource: Action = (input, tables) => {
  const table = tables.catalog.named(input.ResourceArn);
  const added = listOf(input.Tags);
  const kept = tagsOf(table).filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  return keep(table, [...kept, ...added], tables);
};

/** UntagResource */
export const untagResource: Action = (input, tables) => {
  const table = tables.catalog.named(input.ResourceArn);
  const gone = Array.isArray(input.TagKeys) ? input.TagKeys : [];
  return keep(
    table,
    tagsOf(table).filter(({ Key }) => !gone.includes(Key)),
    tables,
  );
};

/** ListTagsOfResource */
export const listTagsOfResource: Action = (input, { catalog }) => ({
  Tags: tagsOf(catalog.named(input.ResourceArn)),
});

function keep(
  table: TableDefinition,
  Tags: readonly JsonObject[],
  { catalog }: ServiceTables,
): JsonObject {
  catalog.put({ ...table, given: { ...table.given, Tags } });
  return {};
}

const tagsOf = ({ given }: TableDefinition) => listOf(given.Tags);

/** UpdateTimeToLive */
export const updateTimeToLive: Action = (input, tables) => {
  const table = tables.catalog.named(input.TableName);
  const { Enabled, AttributeName } = (input.TimeToLiveSpecification ?? {}) as JsonObject;
  if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string' || AttributeName === '') {
    throw invalid('TimeToLiveSpecification needs Enabled (a boolean) and AttributeName');
  }
  if (Enabled === (table.timeToLive !== undefined)) {
    throw invalid(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  setTimeToLive(table, Enabled ? AttributeName : undefined, tables);
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
};

/** DescribeTimeToLive */
export const describeTimeToLive: Action = (input, { catalog }) => {
  const { timeToLive } = catalog.named(input.TableName);
  return {
    TimeToLiveDescription: timeToLive
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive }
      : { TimeToLiveStatus: 'DISABLED' },
  };
};

/**
 * Sets the attribute (epoch seconds) after which items of a table expire; `undefined`: they never
 * expire.
 */
export function setTimeToLive(
  table: TableDefinition,
  timeToLive: string | undefined,
  { store, catalog, items }: ServiceTables,
): void {
  if (table.timeToLive === timeToLive) {
    return;
  }
  store.transaction(() => items.expireBy(catalog.put({ ...table, timeToLive })));
}

/** Number of items that are removed without a pause, so that other requests do not wait long. */
const batch = 500;

/** Removes expired items until none is left or `signal` aborts. */
export async function removeExpired(tables: ServiceTables, signal: AbortSignal): Promise<void> {
  const { catalog, items, store, clock } = tables;
  const now = Math.floor(clock.now() / 1000);
  for (const { name } of catalog.all()) {
    let more = true;
    while (more && !signal.aborted) {
      more = store.transaction(() => {
        const table = catalog.find(name);
        const gone = table ? items.expired(table, now, batch) : [];
        for (const item of gone) {
          if (table) {
            items.remove(table, keyOfItem(table, item), item);
          }
        }
        return gone.length === batch;
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
