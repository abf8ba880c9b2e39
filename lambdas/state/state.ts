import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { BusType, EventOf, WhatsAppEvent } from '../../events/envelope.ts';
import { keyAttributes } from '../../events/state/state-keys.ts';
import { requiredEnvironment, tableClient } from '../runtime/aws-clients.ts';
import { isConditionFailed } from '../runtime/classify-error.ts';
import type { Handle } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';
import { type Register, type RegistersOf, registersOf } from './register.ts';

/** Writes registers to the state table. */
export interface State {
  /** Writes registers. Throws if the table does not accept them; the event is then redelivered. */
  keep(registers: readonly Register[]): Promise<void>;
}

/** Parallel writes for one event. The event of a joined group may have a thousand members. */
const writesAtOnce = 16;

/**
 * Maximum number of registers whose version is cached. Then the cache is cleared, which costs one read for
 * each.
 */
const maxRemembered = 10_000;

/** Milliseconds after which the cache is cleared, so that an item that an operator deleted is written again. */
const rememberedMs = 3_600_000;

/** The condition of a write: the item does not exist, or its version is smaller (greater). */
const conditions = {
  latest: 'attribute_not_exists(pk) OR #version < :version',
  earliest: 'attribute_not_exists(pk) OR #version > :version',
} as const;

/**
 * The state in DynamoDB. Each register is one conditional write that depends on no other, so two functions
 * that write the same register at the same time cannot overwrite each other's result. A register with
 * `isRepeated` is read first; the condition still decides.
 */
export function stateIn(client: () => DynamoDBClient, TableName: string, stateDays: number): State {
  /**
   * Cached versions of registers with `isRepeated` that are stored or being read. A version can only become
   * smaller.
   */
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
      // The stored version takes precedence over ours, so it is kept.
      if (!isConditionFailed(error)) {
        throw error;
      }
    }
  }

  /** Writes a register unless an earlier version is stored. Returns the version that is stored afterwards. */
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
 * Converts a register to an item of the table. Its data are top-level attributes, so that they are readable
 * in AWS's console and usable in queries.
 *
 * @param stateDays days after which items with `receivedAt` expire; 0 for never
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

/** Creates {@link State} from the environment variables. */
const stateFromEnvironment = (): State =>
  stateIn(
    () => tableClient('state'),
    requiredEnvironment('STATE_TABLE'),
    Number(requiredEnvironment('STATE_DAYS')),
  );

/**
 * Creates the handler of a consumer with state: it writes the event's registers, runs `then`, and logs the
 * event. Without state (the setting `state`) the variable STATE_TABLE is absent; the consumer's handler is
 * then `logHandled` alone, and its bundle does not contain this code.
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
