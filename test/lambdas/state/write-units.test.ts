import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { EventType } from '../../../events/catalog.ts';
import type { BusType, WhatsAppEvent } from '../../../events/envelope.ts';
import { stateUse } from '../../../events/state/state-price.ts';
import { consume } from '../../../lambdas/runtime/consume.ts';
import { type RegistersOf, registersOf } from '../../../lambdas/state/register.ts';
import { state, stateIn, toItem } from '../../../lambdas/state/state.ts';
import {
  exampleEvent,
  itemSize,
  stateConsumers,
  stateUnitsOf,
} from '../../../tools/docs/costs-page.ts';
import { type Command, call } from '../in-process-table.ts';
import { createStateTable } from './in-process-dynamodb.ts';

beforeEach(() => {
  jest.spyOn(console, 'info').mockImplementation(() => {});
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A consumer as Lambda runs it, on a table of its own, and the units that DynamoDB says it consumed. */
async function consumerWith(registers: object) {
  const units = { read: 0, written: 0 };
  const client = {
    send: async (command: Command) => {
      const input = { ...command.input, ReturnConsumedCapacity: 'TOTAL' };
      const answer = await call({ constructor: command.constructor, input });
      const { CapacityUnits } = answer.ConsumedCapacity as { readonly CapacityUnits: number };
      const isRead = /^(Get|Query)/.test(command.constructor.name);
      units[isRead ? 'read' : 'written'] += CapacityUnits;
      return answer;
    },
  } as unknown as DynamoDBClient;
  const table = await createStateTable();
  /** A new execution environment, which remembers nothing. */
  const start = () =>
    consume(
      state(
        registers as RegistersOf<BusType>,
        async () => {},
        stateIn(() => client, table, 30),
      ),
    );
  const deliver = async (event: WhatsAppEvent, handler = start()) => {
    const { meta, data, raw } = event;
    const record = {
      messageId: 'id',
      receiptHandle: 'handle',
      body: JSON.stringify({
        source: 'whatsapp',
        'detail-type': event.type,
        detail: { meta, data, raw },
      }),
      attributes: { ApproximateReceiveCount: '1' },
    };
    const before = { ...units };
    const { batchItemFailures } = await handler({ Records: [record] });
    expect(batchItemFailures).toEqual([]);
    return { read: units.read - before.read, written: units.written - before.written };
  };
  return { deliver, start };
}

/** The same event of the same chat, a moment later. */
const next = (event: WhatsAppEvent, change: object = {}) =>
  ({
    ...event,
    meta: { ...event.meta, id: `${event.meta.id}-next` },
    data: { ...event.data, ...change },
  }) as WhatsAppEvent;

const messages = stateConsumers.messages.registers;
const message = exampleEvent('message', 'waha');

describe('the write units of state, as DynamoDB counts them in the consumers', () => {
  test('are two for the first message of a chat in an hour, and one for each further one', async () => {
    const { deliver, start } = await consumerWith(messages);
    const handler = start();
    await deliver(message, handler);
    const second = next(message, { messageId: { id: 'M2' } });
    expect(await deliver(second, handler)).toEqual({ read: 0, written: stateUse.messageWrites });
    const occurredAt = hourLater(message);
    const later = { ...message.meta, occurredAt, receivedAt: occurredAt };
    expect(await deliver({ ...next(message), meta: later } as WhatsAppEvent, handler)).toEqual({
      read: 0.5,
      written: stateUse.messageWrites + stateUse.chatWrites,
    });
  });

  test('are the same in a new execution environment, which reads in addition', async () => {
    const { deliver } = await consumerWith(messages);
    await deliver(message);
    const second = next(message, { messageId: { id: 'M2' } });
    // Besides the chat and its addresses, the session, once for each environment.
    expect(await deliver(second)).toEqual({ read: stateUse.chatReads + 0.5, written: 1 });
  });

  test('are at most two for a message of 2 KB with any content, once its chat is known', async () => {
    for (const sender of ['waha', 'wawp'] as const) {
      for (const type of ['message', 'message.any'] as const) {
        const event = exampleEvent(type, sender);
        const { each, hourly } = stateUnitsOf(messages, event);
        expect([type, sender, each + hourly]).toEqual([type, sender, 2]);
      }
    }
  });

  test('are one for a receipt, a reaction, an edit, a deletion and a vote', () => {
    const types = [
      ...(['message.ack', 'message.reaction', 'message.edited'] as const),
      ...(['message.revoked', 'poll.vote'] as const),
    ];
    const units = types.map((type) => stateUnitsOf(messages, exampleEvent(type, 'waha')));
    expect(units).toEqual(types.map(() => ({ each: 1, hourly: 0, once: expect.any(Number) })));
  });

  test('are none for a duplicate of a message', async () => {
    const { deliver } = await consumerWith(messages);
    const copy = exampleEvent('message.any', 'waha');
    const duplicate = { ...copy, meta: { ...copy.meta, duplicateOf: 'message' } };
    expect(await deliver(duplicate as WhatsAppEvent)).toEqual({ read: 0, written: 0 });
  });

  test('are one for each KB of a long text', () => {
    const long = next(message, { body: 'x'.repeat(5_000) });
    expect(stateUnitsOf(messages, long).each).toBe(6);
  });

  const all = Object.values(stateConsumers).flatMap(({ types, registers }) =>
    (types as readonly EventType[]).map((type) => [type, registers] as const),
  );
  test.each(all)('are for %s those of docs/costs.md', async (type, registers) => {
    const event = exampleEvent(type, 'waha');
    const { deliver } = await consumerWith(registers);
    const { each, hourly, once } = stateUnitsOf(registers, event);
    expect((await deliver(event)).written).toBe(each + hourly + once);
  });
});

test('the bytes of state for a message are those of the cost model', () => {
  // DynamoDB bills 100 bytes for each item besides its size (Developer Guide, "DynamoDB item sizes").
  const sizes = registersOf(messages as RegistersOf<BusType>, message)
    .filter(({ receivedAt }) => receivedAt !== undefined)
    .map(
      (register) => [register.isRepeated === true, itemSize(toItem(register, 30)) + 100] as const,
    );
  const bytes = sizes.reduce(
    (sum, [isHourly, size]) => sum + (isHourly ? size / stateUse.messagesAnHour : size),
    0,
  );
  expect(bytes).toBeLessThanOrEqual(stateUse.bytes);
  expect(bytes * 1.2).toBeGreaterThan(stateUse.bytes);
});

const hourLater = ({ meta }: WhatsAppEvent) =>
  new Date(Date.parse(meta.occurredAt) + 3_600_000).toISOString();
