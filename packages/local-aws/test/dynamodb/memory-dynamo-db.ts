import { type Clock, systemClock } from '../../src/clock.ts';
import { DynamoDb } from '../../src/dynamodb/dynamo-db.ts';
import { openStore, type Store } from '../../src/store.ts';

/** The local run's DynamoDB alone. Its timers do not keep the tests from ending. */
export const memoryDynamoDb = (
  store: Store = openStore(),
  clock: Clock = { ...systemClock(), after: () => () => {} },
): DynamoDb => new DynamoDb({ store, clock, region: 'us-east-1', accountId: '000000000000' });
