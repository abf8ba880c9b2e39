import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { BusType, EventOf, WhatsAppEvent } from '../../events/envelope.ts';
import { keyAttributes } from '../../events/state/state-keys.ts';
import { tableClient } from '../runtime/aws-clients.ts';
import { isConditionFailed } from '../runtime/classify-error.ts';
import type { Handle } from '../runtime/consume.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { logHandled } from '../runtime/log.ts';
import { type Register, type RegistersOf, registersOf } from './register.ts';

/** The state table as a consumer writes it. */
export interface State {
  /** Keeps what an event says. Throws when the table does not take it: then the event comes again. */
  keep(registers: readonly Register[]): Promise<void>;
}

/** Writes at once for one event: the event of a joined group may have a thousand members. */
const writesAtOnce = 16;

/** Constants that are remembered as written; then all are forgotten, which costs a write each. */
const maxRemembered = 10_000;

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
      if (written.has(key)) {
        return;
      }
      await client().send(new PutItemCommand({ TableName, Item }));
      if (written.size >= maxRemembered) {
        written.clear();
      }
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
      if (!isConditionFailed(error)) {
        throw error;
      }
    }
  }

  return {
    async keep(registers) {
      const waiting = [...registers];
      const workers = Array.from({ length: Math.min(writesAtOnce, waiting.length) }, async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          await write(next);
        }
      });
      await Promise.all(workers);
    },
  };
}

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

/** The state table as the stack has set it up. */
const stateFromEnvironment = (): State =>
  stateIn(
    () => tableClient('state'),
    requiredEnvironment('STATE_TABLE'),
    Number(requiredEnvironment('STATE_DAYS')),
  );

/**
 * A consumer's work: keep what the event says, do what follows from it, and say that it is done. Where a
 * stage keeps no state (the setting `state`), the variable STATE_TABLE is absent, the consumer's work
 * is `logHandled` alone, and nothing of this is in its bundle.
 */
export function state<Type extends BusType>(
  registers: RegistersOf<Type>,
  then: (event: EventOf<Type>) => Promise<void> = async () => {},
  state: State = stateFromEnvironment(),
): Handle<Type> {
  return async (event, delivery) => {
    await state.keep(registersOf(registers, event));
    await then(event);
    logHandled(event as WhatsAppEvent, delivery);
  };
}
