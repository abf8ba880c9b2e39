import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { stateKeys } from '../../events/state/state-keys.ts';
import { queueClient, requiredEnvironment, tableClient } from '../runtime/aws-clients.ts';
import { countFailedEvents, countSessions, type SessionState } from './counts.ts';

/**
 * Counts what needs a person: failed events, and sessions that are offline or restricted according to the
 * state.
 */
export const handler = async (): Promise<void> => {
  const queues = requiredEnvironment('FAILURE_QUEUES').split(',');
  const counts = [countFailedEvents(queues, readCount)];
  if (process.env.STATE_TABLE) {
    counts.push(countSessions(readSessions));
  }
  const failed = (await Promise.allSettled(counts)).find(({ status }) => status === 'rejected');
  if (failed) {
    throw (failed as PromiseRejectedResult).reason;
  }
};

/** The number of messages in a queue. The URLs of a stage's queues differ only in the end of the name. */
async function readCount(queue: string): Promise<number> {
  const url = requiredEnvironment('UNDELIVERABLE_QUEUE_URL');
  const { Attributes = {} } = await queueClient().send(
    new GetQueueAttributesCommand({
      QueueUrl: url.replace(/undeliverable$/, queue),
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes.ApproximateNumberOfMessages);
}

async function readSessions(): Promise<readonly SessionState[]> {
  const sessions: SessionState[] = [];
  const pages = paginateQuery(
    { client: tableClient('state') },
    {
      TableName: requiredEnvironment('STATE_TABLE'),
      KeyConditionExpression: 'pk = :sessions',
      ProjectionExpression: '#session, #status, #active, #until',
      ExpressionAttributeNames: {
        '#session': 'session',
        '#status': 'status',
        '#active': 'active',
        '#until': 'until',
      },
      ExpressionAttributeValues: marshall({ ':sessions': stateKeys.sessions }),
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const { session, status, active, until } = unmarshall(item);
      const isOver = until !== undefined && Date.parse(until) <= Date.now();
      if (session) {
        sessions.push({ session, status, isRestricted: active === true && !isOver });
      }
    }
  }
  return sessions;
}
