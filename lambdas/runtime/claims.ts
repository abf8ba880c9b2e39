import { isAwsError } from './aws/aws-error.ts';
import { conditionFailed, type DynamoDb, dynamoDb } from './aws/dynamodb.ts';

/** What is known of one event's effect in one consumer. */
export type Claim =
  | { readonly state: 'taken' }
  | { readonly state: 'done' }
  /** `at`: milliseconds since 1970. */
  | { readonly state: 'begun'; readonly at: number };

/** Remembers which events a consumer has begun and done. Times are milliseconds since 1970. */
export interface Claims {
  /** Takes the event if nobody has it (`taken`), else says what is known of it. */
  take(id: string, now: number): Promise<Claim>;
  /** Takes over what was begun at `since` and never finished. False when somebody else was faster. */
  takeOver(id: string, since: number, now: number): Promise<boolean>;
  /** The event is done. */
  finish(id: string): Promise<void>;
  /** Forgets the event: its work threw, so it was not done. */
  release(id: string): Promise<void>;
}

/**
 * Days that a claim is kept: longer than an event can wait in a consumer's queue (at most 13) and
 * then in its dead-letter queue (14).
 */
const claimDays = 28;

/** Claims are small and answered at once; a consumer waits for them before and after each event. */
const settings = { attempts: 3, connectMs: 1_000, answerMs: 3_000, budgetMs: 5_000 };

/** One consumer's claims in a DynamoDB table. */
export function claimsIn(
  TableName: string,
  consumer: string,
  call: DynamoDb = dynamoDb(settings),
): Claims {
  const keyOf = (id: string) => ({ id: { S: `${consumer}#${id}` } });

  return {
    async take(id, now) {
      try {
        await call('PutItem', {
          TableName,
          Item: {
            ...keyOf(id),
            state: { S: 'begun' },
            at: { N: String(now) },
            expiresAt: { N: String(Math.floor(now / 1000) + claimDays * 86_400) },
          },
          ConditionExpression: 'attribute_not_exists(id)',
        });
        return { state: 'taken' };
      } catch (error) {
        if (!isAwsError(error, conditionFailed)) throw error;
      }
      const { Item } = await call('GetItem', { TableName, Key: keyOf(id), ConsistentRead: true });
      // Released in between: whoever had it has failed, and this is as good as being in progress.
      if (!Item) return { state: 'begun', at: now };
      return Item.state?.S === 'done'
        ? { state: 'done' }
        : { state: 'begun', at: Number(Item.at?.N) };
    },
    async takeOver(id, since, now) {
      try {
        await call('UpdateItem', {
          TableName,
          Key: keyOf(id),
          UpdateExpression: 'SET #at = :now',
          ConditionExpression: '#state = :begun AND #at = :since',
          ExpressionAttributeNames: { '#at': 'at', '#state': 'state' },
          ExpressionAttributeValues: {
            ':now': { N: String(now) },
            ':since': { N: String(since) },
            ':begun': { S: 'begun' },
          },
        });
        return true;
      } catch (error) {
        if (isAwsError(error, conditionFailed)) return false;
        throw error;
      }
    },
    async finish(id) {
      await call('UpdateItem', {
        TableName,
        Key: keyOf(id),
        UpdateExpression: 'SET #state = :done',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':done': { S: 'done' } },
      });
    },
    async release(id) {
      await call('DeleteItem', { TableName, Key: keyOf(id) });
    },
  };
}
