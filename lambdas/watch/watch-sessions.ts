import { type AttributeValue, DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { stateKeys } from '../../events/state/state-keys.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { countOffline } from './count-offline.ts';
import { countRestricted } from './count-restricted.ts';

const client = new DynamoDBClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
});

const offline = countOffline(async () =>
  (await readRegisters('status#')).map(({ session, status }) => ({
    session: session?.S ?? '',
    status: status?.S ?? '',
  })),
);

const restricted = countRestricted(async () =>
  (await readRegisters('restriction#')).map(({ session, active, until }) => ({
    session: session?.S ?? '',
    active: active?.BOOL ?? false,
    ...(until?.S === undefined ? {} : { until: until.S }),
  })),
);

/** Counts the sessions that are offline or restricted, by what the consumer `sessions` keeps. */
export const handler = async (): Promise<void> => {
  await Promise.all([offline(), restricted()]);
};

/** The registers of all sessions whose key begins with a name. */
async function readRegisters(name: string): Promise<readonly Record<string, AttributeValue>[]> {
  const registers: Record<string, AttributeValue>[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: requiredEnvironment('STATE_TABLE'),
      KeyConditionExpression: 'pk = :sessions AND begins_with(sk, :name)',
      ProjectionExpression: '#session, #status, #active, #until',
      ExpressionAttributeNames: {
        '#session': 'session',
        '#status': 'status',
        '#active': 'active',
        '#until': 'until',
      },
      ExpressionAttributeValues: { ':sessions': { S: stateKeys.sessions }, ':name': { S: name } },
    },
  );
  for await (const { Items = [] } of pages) registers.push(...Items);
  return registers;
}
