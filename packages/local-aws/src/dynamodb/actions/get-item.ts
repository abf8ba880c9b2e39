import { readExpressions } from '../expressions/read-expressions.ts';
import { keyOfRequest } from '../tables/key-of.ts';
import { sizeOfItem } from '../values/attribute-value.ts';
import { checkItem } from '../values/check-value.ts';
import { project } from '../values/document-path.ts';
import { consumedCapacity, readUnits } from './consumed-capacity.ts';
import type { Action } from './describe-table.ts';

/** GetItem */
export const getItem: Action = (input, { catalog, items }) => {
  const table = catalog.named(input.TableName);
  const { projection, placeholders } = readExpressions(input);
  const item = items.get(table, keyOfRequest(table, checkItem(input.Key)));
  const shown =
    item && projection
      ? project(
          item,
          projection.map((path) => placeholders.resolve(path)),
        )
      : item;
  const units = () => readUnits(item ? sizeOfItem(item) : 0, input.ConsistentRead === true);
  return {
    ...(shown ? { Item: shown } : {}),
    ...(input.ReturnConsumedCapacity ? consumedCapacity(input, table, units()) : {}),
  };
};
