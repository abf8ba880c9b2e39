import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { stateKeys } from '../../events/state/state-keys.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { countOffline, type SessionStatus } from './count-offline.ts';

const client = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
});

/** Counts the sessions that are offline, by what the consumer `sessions` keeps. */
export const handler = countOffline(async () => {
  const statuses: SessionStatus[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: requiredEnvironment('STATE_TABLE'),
      KeyConditionExpression: 'pk = :sessions AND begins_with(sk, :status)',
      ProjectionExpression: '#session, #status',
      ExpressionAttributeNames: { '#session': 'session', '#status': 'status' },
      ExpressionAttributeValues: {
        ':sessions': { S: stateKeys.sessions },
        ':status': { S: 'status#' },
      },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { session, status } of Items) {
      statuses.push({ session: session?.S ?? '', status: status?.S ?? '' });
    }
  }
  return statuses;
});
