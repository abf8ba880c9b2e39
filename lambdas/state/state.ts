import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { isConditionFailed } from '../runtime/classify-error.ts';
import type { Register } from './register.ts';
import { toItem } from './to-item.ts';

/** The state table as a consumer writes it. */
export interface State {
  /** Keeps what an event says. Throws when the table does not take it: then the event comes again. */
  keep(registers: readonly Register[]): Promise<void>;
}

/** Writes at once for one event: a group that is joined may tell of a thousand members. */
const writesAtOnce = 16;

/** Constants that are remembered as written; then all are forgotten, which costs a write each. */
const mostRemembered = 10_000;

/** Why an item is written: it is not there yet, or ours comes after (before) it. */
const conditions = {
  latest: 'attribute_not_exists(pk) OR stamp < :stamp',
  earliest: 'attribute_not_exists(pk) OR stamp > :stamp',
} as const;

/**
 * The state in DynamoDB. Each register is one conditional write that depends on no other, so there is
 * nothing to read first, and two functions that are at the same register at once cannot undo each
 * other.
 */
export function stateIn(client: () => DynamoDBClient, TableName: string, stateDays: number): State {
  const written = new Set<string>();

  async function write(register: Register): Promise<void> {
    const Item = toItem(register, stateDays);
    if (register.keeps === 'constant') {
      const key = JSON.stringify([register.pk, register.sk]);
      if (written.has(key)) return;
      await client().send(new PutItemCommand({ TableName, Item }));
      if (written.size >= mostRemembered) written.clear();
      written.add(key);
      return;
    }
    try {
      await client().send(
        new PutItemCommand({
          TableName,
          Item,
          ConditionExpression: conditions[register.keeps],
          ExpressionAttributeValues: marshall({ ':stamp': register.stamp }),
        }),
      );
    } catch (error) {
      // What is there outranks ours: nothing is lost.
      if (!isConditionFailed(error)) throw error;
    }
  }

  return {
    async keep(registers) {
      const waiting = [...registers];
      const workers = Array.from({ length: Math.min(writesAtOnce, waiting.length) }, async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) await write(next);
      });
      await Promise.all(workers);
    },
  };
}
