import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { keyAttributes } from '../../events/state/state-keys.ts';

/** One fact of the state, as the consumers have written it. */
export interface Fact {
  readonly pk: string;
  readonly sk: string;
  /** Its place in time among the values of the same fact. */
  readonly stamp: string;
  /** Its place in a list, where it stands in one. */
  readonly listSort?: string;
  readonly [name: string]: unknown;
}

/** An item of the table with plain values. */
export function readItem(item: Record<string, AttributeValue>): Fact {
  const { pk = '', sk = '', stamp = '', ...rest } = readMap(item) as Record<string, string>;
  const { [keyAttributes.listSort]: listSort, [keyAttributes.listPartition]: _, ...data } = rest;
  return { ...data, pk, sk, stamp, listSort };
}

function readMap(map: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readValue(value)]));
}

function readValue(value: AttributeValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.L !== undefined) return value.L.map(readValue);
  if (value.M !== undefined) return readMap(value.M);
  return value.S ?? value.BOOL;
}

/** The text of a field, if it is one. */
export const textOf = (fact: Fact | undefined, name: string): string | undefined =>
  typeof fact?.[name] === 'string' ? fact[name] : undefined;
