import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyAttributes } from '../../events/state/state-keys.ts';
import type { Register } from './register.ts';

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
  return marshall(
    {
      ...data,
      [partition]: pk,
      [sort]: sk,
      ...(keeps === 'constant' ? {} : { stamp }),
      ...(list ? { [listPartition]: list.partition, [listSort]: list.sort } : {}),
      ...(expires ? { expiresAt: receivedSeconds + stateDays * day } : {}),
    },
    { removeUndefinedValues: true, allowImpreciseNumbers: true },
  );
}
