import { isAwsError } from '../runtime/aws/aws-error.ts';
import { conditionFailed, type DynamoDb } from '../runtime/aws/dynamodb.ts';

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
export function toldIn(call: DynamoDb, TableName: string): ToldTable {
  const read = async (pk: string, name: string) => {
    const Key = { pk: { S: pk }, sk: { S: name } };
    return (await call('GetItem', { TableName, Key, ConsistentRead: true })).Item;
  };
  const item = (pk: string, state: 'telling' | 'told', takenAt: number) => ({
    TableName,
    Item: { pk: { S: pk }, sk: { S: sk }, state: { S: state }, takenAt: { N: String(takenAt) } },
  });

  return {
    wasAccepted: async (pk) => (await read(pk, 'accepted')) !== undefined,
    async take(pk, now, staleSince) {
      try {
        await call('PutItem', {
          ...item(pk, 'telling', now),
          ConditionExpression:
            'attribute_not_exists(pk) OR (#state = :telling AND takenAt <= :stale)',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: {
            ':telling': { S: 'telling' },
            ':stale': { N: String(staleSince) },
          },
        });
        return 'taken';
      } catch (error) {
        if (!isAwsError(error, conditionFailed)) throw error;
      }
      return (await read(pk, sk))?.state?.S === 'told' ? 'told' : 'busy';
    },
    giveBack: async (pk) => {
      await call('PutItem', item(pk, 'telling', 0));
    },
    finish: async (pk) => {
      await call('PutItem', item(pk, 'told', 0));
    },
  };
}
