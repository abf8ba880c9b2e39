import { identityKey } from '../events/identity/identity-item.ts';
import type { AwsService } from '../packages/local-aws/src/aws-service.ts';
import { AwsEndpoint } from '../packages/local-aws/src/endpoint/aws-endpoint.ts';
import { jsonProtocol } from '../packages/local-aws/src/endpoint/protocols.ts';
import { memoryDynamoDb } from '../packages/local-aws/test/dynamodb/memory-dynamo-db.ts';
import { signingSecret } from './webhook.ts';

/**
 * Starts the local run's AWS endpoint on a free port, in this process, which is not measured. DynamoDB keeps
 * what is written, so duplicates are found; EventBridge accepts each entry and drops it. `takeRequests` returns
 * the operations since the last call, in order; PutEvents with its detail types. It throws when one of them
 * failed, unless it was a condition that did not hold.
 */
export async function startAws() {
  const requests: string[] = [];
  let failure: Error | undefined;
  const recorded = (service: AwsService): AwsService => ({
    async call(action, input) {
      const entries = action === 'PutEvents' ? (input.Entries as { DetailType: string }[]) : [];
      requests.push([action, ...entries.map(({ DetailType }) => DetailType)].join(' '));
      try {
        return await service.call(action, input);
      } catch (error) {
        const { name, message } = error as Error;
        if (name !== 'ConditionalCheckFailedException') {
          failure = new Error(`${action}: ${name}: ${message}`);
        }
        throw error;
      }
    },
  });
  const services = new Map([
    ['AWSEvents', recorded(eventBridge)],
    ['DynamoDB_20120810', recorded(await createDynamoDb())],
    ['secretsmanager', recorded({ call: async () => ({ SecretString: signingSecret }) })],
  ]);
  const server = new AwsEndpoint([jsonProtocol(services)], () => undefined);
  const endpoint = `http://127.0.0.1:${await server.listen(0)}`;
  const takeRequests = (): readonly string[] => {
    if (failure) {
      throw failure;
    }
    return requests.splice(0);
  };
  return { endpoint, takeRequests, stop: () => server.close() };
}

/** The endpoint, running. */
export type Aws = Awaited<ReturnType<typeof startAws>>;

const eventBridge: AwsService = {
  async call(_action, { Entries }) {
    const results = (Entries as readonly unknown[]).map(() => ({ EventId: crypto.randomUUID() }));
    return { FailedEntryCount: 0, Entries: results };
  },
};

/** The key attributes of the tables: of ingest's, named by their variables, and of that of the rivals. */
const tables = {
  DEDUPLICATION_TABLE: ['id'],
  IDENTITIES_TABLE: [identityKey.address, identityKey.scope],
  table: ['id'],
};

async function createDynamoDb(): Promise<AwsService> {
  const dynamoDb = memoryDynamoDb();
  const keyTypes = ['HASH', 'RANGE'];
  for (const [TableName, names] of Object.entries(tables)) {
    await dynamoDb.call('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: names.map((AttributeName, at) => ({ AttributeName, KeyType: keyTypes[at] })),
    });
  }
  return dynamoDb;
}
