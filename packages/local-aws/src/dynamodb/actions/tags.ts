import type { JsonObject } from '../../aws-service.ts';
import { listOf } from '../list-of.ts';
import type { TableDefinition } from '../tables/table-definition.ts';
import type { Action, ServiceTables } from './describe-table.ts';

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
