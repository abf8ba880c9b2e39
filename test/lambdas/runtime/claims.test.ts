import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type Claims, claimsIn, Once } from '../../../lambdas/runtime/once.ts';
import { memoryDynamoDb } from '../../../packages/local-aws/test/dynamodb/memory-dynamo-db.ts';

const dynamoDb = memoryDynamoDb();
const TableName = 'claims';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

const callOnce = (command: Command) =>
  dynamoDb.call(
    command.constructor.name.replace(/Command$/, ''),
    JSON.parse(JSON.stringify(command.input)),
  );

/** A client as the SDK's, whose responses are lost as told: it then sends the same request again. */
function clientThatLoses(isLost: () => boolean): () => DynamoDBClient {
  const send = async (command: Command) => {
    for (;;) {
      const response = await callOnce(command);
      if (!isLost()) return response;
    }
  };
  return () => ({ send }) as unknown as DynamoDBClient;
}

/** Whether each response is lost: the first one of each of these calls. */
function loseFirst() {
  let calls = 0;
  return () => calls++ % 2 === 0;
}

beforeAll(async () => {
  await dynamoDb.call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

let serial = 0;
const newId = () => `message:${serial++}`;
const claims = (isLost: () => boolean = () => false): Claims =>
  claimsIn(TableName, 'crm', clientThatLoses(isLost));

describe('a claim', () => {
  test('is taken once, and known as begun and then as done by everybody else', async () => {
    const id = newId();
    const [one, other] = [claims(), claims()];
    expect(await one.take(id, 1_000)).toEqual({ state: 'taken' });
    expect(await other.take(id, 2_000)).toEqual({ state: 'begun', at: 1_000 });
    await one.finish(id);
    expect(await other.take(id, 3_000)).toEqual({ state: 'done' });
  });

  test('that was released can be taken again', async () => {
    const id = newId();
    const [one, other] = [claims(), claims()];
    await one.take(id, 1_000);
    await one.release(id);
    expect(await other.take(id, 2_000)).toEqual({ state: 'taken' });
  });

  test('is taken over by one, of two that try', async () => {
    const id = newId();
    await claims().take(id, 1_000);
    const [one, other] = [claims(), claims()];
    expect(await one.takeOver(id, 1_000, 2_000)).toBe(true);
    expect(await other.takeOver(id, 1_000, 2_000)).toBe(false);
  });

  test('is one’s own also when the response to taking it was lost', async () => {
    const id = newId();
    expect(await claims(loseFirst()).take(id, 1_000)).toEqual({ state: 'taken' });
    expect(await claims(loseFirst()).take(id, 2_000)).toEqual({ state: 'begun', at: 1_000 });
  });

  test('is one’s own also when the response to taking it over was lost', async () => {
    const id = newId();
    await claims().take(id, 1_000);
    expect(await claims(loseFirst()).takeOver(id, 1_000, 2_000)).toBe(true);
    expect(await claims(loseFirst()).takeOver(id, 1_000, 2_000)).toBe(false);
  });

  test('of somebody else is not released by a call that is sent again', async () => {
    const id = newId();
    const other = claims();
    let taken: unknown;
    let releases = 0;
    const one = claimsIn(TableName, 'crm', () => {
      const send = async (command: Command) => {
        const response = await callOnce(command);
        if (command.constructor.name !== 'DeleteItemCommand') return response;
        releases++;
        // The response is lost, another delivery takes the event, and the SDK sends the delete again.
        taken = await other.take(id, 2_000);
        return callOnce(command);
      };
      return { send } as unknown as DynamoDBClient;
    });
    await one.take(id, 1_000);
    await one.release(id);
    expect([releases, taken]).toEqual([1, { state: 'taken' }]);
    expect(await claims().take(id, 3_000)).toEqual({ state: 'begun', at: 2_000 });
  });

  test('of one event in one batch twice is taken once', async () => {
    const id = newId();
    const same = claims();
    const both = await Promise.all([same.take(id, 1_000), same.take(id, 1_000)]);
    expect(both.map(({ state }) => state).sort()).toEqual(['begun', 'taken']);
  });
});

test('whichever responses are lost, an event is done once and its claim says so', async () => {
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.boolean()), async (losses) => {
      const id = newId();
      let lost = 0;
      // Not for ever: the SDK would give up then.
      const isLost = () => losses.next().value === true && ++lost < 20;
      const once = new Once(claims(isLost), 30_000);
      let effects = 0;
      const work = async () => {
        effects++;
      };
      for (let delivery = 0; delivery < 3; delivery++) {
        await once.run({ id, isRedriven: false }, work);
      }
      expect(effects).toBe(1);
    }),
    { numRuns: 50 },
  );
});
