import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { stateKeys } from '../../events/state/state-keys.ts';
import { tableClient } from '../runtime/aws-clients.ts';
import { requiredEnvironment } from '../runtime/environment.ts';
import { countOffline } from './count-offline.ts';
import { countRestricted } from './count-restricted.ts';

const offline = countOffline(async () =>
  (await readRegisters('status#')).map(({ session = '', status = '' }) => ({ session, status })),
);

const restricted = countRestricted(async () =>
  (await readRegisters('restriction#')).map(({ session = '', active = false, until }) => ({
    session,
    active,
    ...(until === undefined ? {} : { until }),
  })),
);

/** Counts the sessions that are offline or restricted, by what the consumer `sessions` keeps. */
export const handler = async (): Promise<void> => {
  await Promise.all([offline(), restricted()]);
};

/** The registers of all sessions whose key begins with a name. */
async function readRegisters(name: string) {
  const registers: ReturnType<typeof unmarshall>[] = [];
  const pages = paginateQuery(
    { client: tableClient('state') },
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
      ExpressionAttributeValues: marshall({ ':sessions': stateKeys.sessions, ':name': name }),
    },
  );
  for await (const { Items = [] } of pages)
    registers.push(...Items.map((item) => unmarshall(item)));
  return registers;
}
