import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
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
  /** Writes what an event says. Throws when the table does not take it: then the event is redelivered. */
  keep(registers: readonly Register[]): Promise<void>;
}

/** Writes at once for one event: the event of a joined group may have a thousand members. */
const writesAtOnce = 16;

/** Registers whose version is remembered; then all are forgotten, which costs a read each. */
const maxRemembered = 10_000;

/** Milliseconds after which they are forgotten too, since what a person deletes must be written again. */
const rememberedMs = 3_600_000;

/** Why an item is written: it is not there yet, or ours comes after (before) it. */
const conditions = {
  latest: 'attribute_not_exists(pk) OR #version < :version',
  earliest: 'attribute_not_exists(pk) OR #version > :version',
} as const;

/**
 * The state in DynamoDB. Each register is one conditional write that depends on no other, so two
 * functions that write the same register at the same time cannot undo each other. A register that is
 * usually stored already is read before; the condition decides all the same.
 */
export function stateIn(client: () => DynamoDBClient, TableName: string, stateDays: number): State {
  /** Versions of repeated registers that are stored, or are being looked up. They only get smaller. */
  const remembered = new Map<string, Promise<string>>();
  let forgottenAt = Date.now();

  async function storedVersion({ pk, sk }: Register): Promise<string | undefined> {
    const { Item } = await client().send(
      new GetItemCommand({
        TableName,
        Key: marshall({ pk, sk }),
        ProjectionExpression: '#version',
        ExpressionAttributeNames: { '#version': 'version' },
      }),
    );
    return Item && (Item.version?.S ?? '');
  }

  async function put(register: Register): Promise<void> {
    try {
      await client().send(
        new PutItemCommand({
          TableName,
          Item: toItem(register, stateDays),
          ConditionExpression: conditions[register.keeps],
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':version': register.version }),
        }),
      );
    } catch (error) {
      // The stored value comes before ours in the order of the register, so that it is kept.
      if (!isConditionFailed(error)) {
        throw error;
      }
    }
  }

  /** Returns the version that is stored afterwards, which is not greater than the register's. */
  async function putIfMissing(
    register: Register,
    previous: Promise<string> | undefined,
  ): Promise<string> {
    const version = previous ? await previous : await storedVersion(register);
    if (version !== undefined && version <= register.version) {
      return version;
    }
    await put(register);
    return register.version;
  }

  async function write(register: Register): Promise<void> {
    if (!register.isRepeated) {
      return put(register);
    }
    const key = JSON.stringify([register.pk, register.sk]);
    if (remembered.size >= maxRemembered || Date.now() - forgottenAt > rememberedMs) {
      remembered.clear();
      forgottenAt = Date.now();
    }
    const version = putIfMissing(register, remembered.get(key));
    remembered.set(key, version);
    try {
      await version;
    } catch (error) {
      remembered.delete(key);
      throw error;
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
 * read in AWS's console and by other queries.
 *
 * @param stateDays days after which items that have a time of receipt expire; 0 for never
 */
export function toItem(register: Register, stateDays: number): Record<string, AttributeValue> {
  const { pk, sk, version, data, receivedAt } = register;
  const { partition, sort } = keyAttributes;
  const receivedSeconds = Math.floor(Date.parse(receivedAt ?? '') / 1000);
  const expires = stateDays > 0 && Number.isFinite(receivedSeconds);
  return marshall(
    {
      ...data,
      ...{ [partition]: pk, [sort]: sk, version },
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
 * A consumer's work: writes what the event says to the state, does what follows from it, and logs the
 * event. Without state (the setting `state`) the variable STATE_TABLE is absent, the consumer's work is
 * `logHandled` alone, and its bundle has nothing of this.
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
