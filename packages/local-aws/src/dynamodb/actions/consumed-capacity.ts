import type { JsonObject } from '../../aws-service.ts';
import type { TableDefinition } from '../tables/table-definition.ts';

/** Bytes of one unit (DynamoDB developer guide, "Read and write capacity unit consumption"). */
const writeUnit = 1_024;
const readUnit = 4_096;

/** Units for writing an item of this size in bytes. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / writeUnit));

/** Units for reading this number of bytes. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / readUnit)) / (consistent ? 1 : 2);

/** The answer's `ConsumedCapacity`, if the request asks for it. Indexes are not counted. */
export function consumedCapacity(
  { ReturnConsumedCapacity }: JsonObject,
  { name: TableName }: TableDefinition,
  CapacityUnits: number,
): JsonObject {
  if (ReturnConsumedCapacity !== 'TOTAL' && ReturnConsumedCapacity !== 'INDEXES') {
    return {};
  }
  const Table = ReturnConsumedCapacity === 'INDEXES' ? { Table: { CapacityUnits } } : {};
  return { ConsumedCapacity: { TableName, CapacityUnits, ...Table } };
}
