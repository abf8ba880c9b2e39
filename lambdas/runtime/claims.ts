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

/**
 * One consumer's claims in a DynamoDB table. The SDK is the one that Lambda's runtime brings: it
 * would make the bundle of each consumer a hundred times as large.
 */
export function claimsIn(TableName: string, consumer: string): Claims {
  let loaded: ReturnType<typeof loadDynamoDb> | undefined;
  const dynamoDb = () => {
    loaded ??= loadDynamoDb();
    return loaded;
  };
  const keyOf = (id: string) => ({ id: { S: `${consumer}#${id}` } });

  return {
    async take(id, now) {
      const { client, PutItemCommand, ConditionalCheckFailedException } = await dynamoDb();
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...keyOf(id),
              state: { S: 'begun' },
              at: { N: String(now) },
              expiresAt: { N: String(Math.floor(now / 1000) + claimDays * 86_400) },
            },
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        );
        return { state: 'taken' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
      const { GetItemCommand } = await dynamoDb();
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }),
      );
      // Released in between: whoever had it has failed, and this is as good as being in progress.
      if (!Item) return { state: 'begun', at: now };
      return Item.state?.S === 'done'
        ? { state: 'done' }
        : { state: 'begun', at: Number(Item.at?.N) };
    },
    async takeOver(id, since, now) {
      const { client, UpdateItemCommand, ConditionalCheckFailedException } = await dynamoDb();
      try {
        await client.send(
          new UpdateItemCommand({
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
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async finish(id) {
      const { client, UpdateItemCommand } = await dynamoDb();
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(id),
          UpdateExpression: 'SET #state = :done',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':done': { S: 'done' } },
        }),
      );
    },
    async release(id) {
      const { client, DeleteItemCommand } = await dynamoDb();
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(id) }));
    },
  };
}

async function loadDynamoDb() {
  const sdk = await import('@aws-sdk/client-dynamodb');
  return { ...sdk, client: new sdk.DynamoDBClient({ maxAttempts: 3 }) };
}
