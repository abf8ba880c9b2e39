import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stateKey } from '../../../events/state/state-keys.ts';
import { messageRegisters } from '../../../lambdas/state/message-registers.ts';
import { bounded, type Register, registersOf } from '../../../lambdas/state/register.ts';
import { stateIn, toItem } from '../../../lambdas/state/state.ts';
import { createStateTable, dump, stateDb } from './in-process-dynamodb.ts';
import { ann, reported } from './reported-event.ts';

const register: Register = {
  ...{ pk: 'p', sk: 's', keeps: 'latest', version: 'one' },
  data: { text: 'a', number: 1.5, flag: false, none: undefined, list: ['x'], map: { y: '' } },
};

/** A client that answers everything the same, and what it was asked. */
function recorded(answer: object = {}) {
  const requests: [name: string, input: Record<string, unknown>][] = [];
  const send = async (command: { constructor: { name: string }; input: object }) => {
    requests.push([command.constructor.name, { ...command.input }]);
    return answer;
  };
  return { requests, client: () => ({ send }) as unknown as DynamoDBClient };
}

describe('a register', () => {
  test('is an item whose data can be read in the console', () => {
    expect(toItem(register, 0)).toEqual({
      ...{ pk: { S: 'p' }, sk: { S: 's' }, version: { S: 'one' } },
      ...{ text: { S: 'a' }, number: { N: '1.5' }, flag: { BOOL: false } },
      ...{ list: { L: [{ S: 'x' }] }, map: { M: { y: { S: '' } } } },
    });
  });

  test('expires `stateDays` after its event was received, if it is of an expiring kind', () => {
    const received = { ...register, receivedAt: '2026-01-01T00:00:00.900Z' };
    const day = Date.UTC(2026, 0, 1) / 1000;
    expect(toItem(received, 2).expiresAt).toEqual({ N: String(day + 2 * 86_400) });
    expect(toItem(received, 0)).not.toHaveProperty('expiresAt');
    expect(toItem(register, 2)).not.toHaveProperty('expiresAt');
    expect(toItem({ ...register, receivedAt: 'never' }, 2)).not.toHaveProperty('expiresAt');
  });

  test('is one write, conditional on its version', async () => {
    const { requests, client } = recorded();
    await stateIn(client, 'table', 0).keep([register, { ...register, keeps: 'earliest' }]);
    expect(requests.map(([, { ConditionExpression }]) => ConditionExpression)).toEqual(
      expect.arrayContaining([
        'attribute_not_exists(pk) OR #version < :version',
        'attribute_not_exists(pk) OR #version > :version',
      ]),
    );
  });

  test('with `isRepeated` is read first, and written once', async () => {
    const { requests, client } = recorded();
    const repeated: Register = { ...register, keeps: 'earliest', isRepeated: true };
    const state = stateIn(client, 'table', 0);
    await Promise.all([state.keep([repeated]), state.keep([repeated])]);
    await state.keep([{ ...repeated, version: 'two' }]);
    expect(requests.map(([name]) => name)).toEqual(['GetItemCommand', 'PutItemCommand']);
    // An earlier one outranks what is stored.
    await state.keep([{ ...repeated, version: 'a' }]);
    expect(requests.map(([name]) => name).slice(2)).toEqual(['PutItemCommand']);
  });

  test('with `isRepeated` is not written again by a new execution environment', async () => {
    const { requests, client } = recorded({ Item: { version: { S: 'one' } } });
    await stateIn(client, 'table', 0).keep([
      { ...register, keeps: 'earliest', isRepeated: true, version: 'two' },
    ]);
    expect(requests.map(([name]) => name)).toEqual(['GetItemCommand']);
  });

  test('that the table does not accept fails the event, which is redelivered', async () => {
    const throttled = Object.assign(new Error(), { name: 'ThrottlingException' });
    const down = { send: () => Promise.reject(throttled) } as unknown as DynamoDBClient;
    await expect(stateIn(() => down, 'table', 0).keep([register])).rejects.toBe(throttled);
  });
});

describe('a key of the state table', () => {
  test('is different for different parts', () => {
    const parts = fc.array(
      fc.string({ unit: fc.constantFrom('a', '#', '%', '%2', '3', '-', 'h') }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(stateKey(...one) === stateKey(...other)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is within DynamoDB’s limits for parts of any length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 3_000 }), { maxLength: 4 }),
        (parts) => {
          expect(Buffer.byteLength(stateKey('history', ...parts))).toBeLessThanOrEqual(1_024);
        },
      ),
    );
    expect(stateKey('a'.repeat(300))).not.toBe(stateKey('a'.repeat(301)));
  });
});

test('untrusted values are limited, and names such as __proto__ are removed', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const text = JSON.stringify(bounded(value)) ?? '';
      expect(text).not.toContain('undefined');
    }),
  );
  const deep = JSON.parse(`${'['.repeat(50)}1${']'.repeat(50)}`);
  expect(JSON.stringify(bounded(deep))).toBe('[[[]]]');
  expect(JSON.stringify(bounded('x'.repeat(1_000_000))).length).toBeLessThan(3_000);
});

test('an event type without registers writes nothing', () => {
  const unknown = { ...reported('message', { content: 'text' }), type: 'constructor' };
  expect(registersOf(messageRegisters, unknown as never)).toEqual([]);
});

test('each fact of a message is under the name of its consumer, to which its role is limited', async () => {
  const table = await createStateTable();
  const event = reported('message', {
    content: 'text',
    messageId: { id: 'A1' },
    chat: ann,
    body: 'Hello',
  });
  await stateIn(stateDb, table, 0).keep(registersOf(messageRegisters, event));
  const keys = [...(await dump(table)).values()].map(({ pk }) => pk?.S ?? '');
  expect(keys).toHaveLength(5);
  for (const key of keys) {
    expect(key).toMatch(/^messages#/);
  }
});
