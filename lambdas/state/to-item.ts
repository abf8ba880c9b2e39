import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { keyAttributes } from '../../events/state/state-keys.ts';
import type { Register, Value } from './register.ts';

/** Seconds of a day. */
const day = 86_400;

/**
 * A register as an item of the table: its data are attributes beside the keys, so that they can be
 * read in the console and by queries of one's own.
 *
 * @param stateDays days after which what may be forgotten is; 0 for never
 */
export function toItem(register: Register, stateDays: number): Record<string, AttributeValue> {
  const { pk, sk, stamp, keeps, data, list, receivedAt } = register;
  const { partition, sort, listPartition, listSort } = keyAttributes;
  const receivedSeconds = Math.floor(Date.parse(receivedAt ?? '') / 1000);
  const expires = stateDays > 0 && Number.isFinite(receivedSeconds);
  return {
    ...attributes(data),
    [partition]: { S: pk },
    [sort]: { S: sk },
    ...(keeps === 'constant' ? {} : { stamp: { S: stamp } }),
    ...(list ? { [listPartition]: { S: list.partition }, [listSort]: { S: list.sort } } : {}),
    ...(expires ? { expiresAt: { N: String(receivedSeconds + stateDays * day) } } : {}),
  };
}

function attributes(data: { readonly [name: string]: Value }): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, attribute(value)]],
    ),
  );
}

function attribute(value: Exclude<Value, undefined>): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isList(value)) {
    return { L: value.flatMap((each) => (each === undefined ? [] : [attribute(each)])) };
  }
  return { M: attributes(value) };
}

const isList = (value: object): value is readonly Value[] => Array.isArray(value);
