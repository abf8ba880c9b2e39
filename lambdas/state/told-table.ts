import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { isConditionFailed } from '../runtime/classify-error.ts';

/** What is remembered of a call and of its missed-call event, by the call's partition key. */
export interface ToldTable {
  /** Whether the call is known to have been accepted. */
  wasAccepted(pk: string): Promise<boolean>;
  /**
   * Takes the telling upon oneself: `taken`. `told`: it was told before. `busy`: somebody took it after
   * `staleSince` (milliseconds since 1970, as `now`), and may be at it.
   */
  take(pk: string, now: number, staleSince: number): Promise<'taken' | 'told' | 'busy'>;
  /** Gives it back untold, so that the next one need not wait. */
  giveBack(pk: string): Promise<void>;
  /** It is on the bus. */
  finish(pk: string): Promise<void>;
}

/** The item of a call that says whether its end was told as missed. */
const sk = 'told#call.missed';

/** Kept in the state table, beside the call. */
export function toldIn(client: () => DynamoDBClient, TableName: string): ToldTable {
  async function read(pk: string, name: string) {
    const { Item } = await client().send(
      new GetItemCommand({ TableName, Key: marshall({ pk, sk: name }), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  }
  const item = (pk: string, state: 'telling' | 'told', takenAt: number, token?: string) =>
    marshall({ pk, sk, state, takenAt, token }, { removeUndefinedValues: true });

  return {
    wasAccepted: async (pk) => (await read(pk, 'accepted')) !== undefined,
    async take(pk, now, staleSince) {
      // Says whose it is where the response to the write was lost, and the SDK's second write fails.
      const token = randomUUID();
      try {
        await client().send(
          new PutItemCommand({
            TableName,
            Item: item(pk, 'telling', now, token),
            ConditionExpression:
              'attribute_not_exists(pk) OR (#state = :telling AND takenAt <= :stale)',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: marshall({ ':telling': 'telling', ':stale': staleSince }),
          }),
        );
        return 'taken';
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
      const known = await read(pk, sk);
      if (known?.token === token) return 'taken';
      return known?.state === 'told' ? 'told' : 'busy';
    },
    giveBack: async (pk) => {
      await client().send(new PutItemCommand({ TableName, Item: item(pk, 'telling', 0) }));
    },
    finish: async (pk) => {
      await client().send(new PutItemCommand({ TableName, Item: item(pk, 'told', 0) }));
    },
  };
}
