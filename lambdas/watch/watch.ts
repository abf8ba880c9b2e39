import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { stateKeys } from '../../events/state/state-keys.ts';
import { tableClient } from '../runtime/aws-clients.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { countOffline, type SessionStatus } from './count-offline.ts';

/** Counts the sessions that are offline, by what the consumer `sessions` keeps. */
export const handler = countOffline(async () => {
  const statuses: SessionStatus[] = [];
  const pages = paginateQuery(
    { client: tableClient('state') },
    {
      TableName: requiredEnvironment('STATE_TABLE'),
      KeyConditionExpression: 'pk = :sessions AND begins_with(sk, :status)',
      ProjectionExpression: '#session, #status',
      ExpressionAttributeNames: { '#session': 'session', '#status': 'status' },
      ExpressionAttributeValues: marshall({
        ':sessions': stateKeys.sessions,
        ':status': 'status#',
      }),
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const { session = '', status = '' } = unmarshall(item);
      statuses.push({ session, status });
    }
  }
  return statuses;
});
