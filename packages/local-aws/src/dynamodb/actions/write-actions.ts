import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import type { Item } from '../values/attribute-value.ts';
import { project } from '../values/document-path.ts';
import { sizeOfItem } from '../values/size-of.ts';
import { consumedCapacity, writeUnits } from './consumed-capacity.ts';
import type { Action, ServiceTables } from './service-tables.ts';
import { put, remove, update, type Written } from './write-item.ts';

/** PutItem */
export const putItem: Action = (input, tables) => write(put, input, tables, oldOnly);

/** DeleteItem */
export const deleteItem: Action = (input, tables) => write(remove, input, tables, oldOnly);

/** UpdateItem */
export const updateItem: Action = (input, tables) => write(update, input, tables, every);

const oldOnly = ['NONE', 'ALL_OLD'];
const every = ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'];

function write(
  work: (input: JsonObject, tables: ServiceTables) => Written,
  input: JsonObject,
  tables: ServiceTables,
  allowed: readonly string[],
): JsonObject {
  const wanted = String(input.ReturnValues ?? 'NONE');
  if (!every.includes(wanted))
    throw invalid(
      `1 validation error detected: Value '${wanted.slice(0, 64)}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [${every.join(', ')}]`,
    );
  if (!allowed.includes(wanted)) throw invalid('ReturnValues can only be ALL_OLD or NONE');
  const written = tables.store.transaction(() => work(input, tables));
  const { before, after, table } = written;
  const Attributes = attributes(wanted, written);
  const bytes = Math.max(before ? sizeOfItem(before) : 0, after ? sizeOfItem(after) : 0);
  return {
    ...(Attributes && Object.keys(Attributes).length > 0 ? { Attributes } : {}),
    ...(input.ReturnConsumedCapacity ? consumedCapacity(input, table, writeUnits(bytes)) : {}),
  };
}

function attributes(wanted: string, { before, after, touched }: Written): Item | undefined {
  if (wanted === 'ALL_OLD') return before;
  if (wanted === 'ALL_NEW') return after;
  if (wanted === 'UPDATED_OLD') return before && project(before, touched);
  return wanted === 'UPDATED_NEW' ? after && project(after, touched) : undefined;
}
