import { openStore } from '@event-fanout/local-aws/store';
import { identityKey } from '../../events/identity/identity-item.ts';
import type { AwsService } from '../../packages/local-aws/src/aws-service.ts';
import { systemClock } from '../../packages/local-aws/src/clock.ts';
import { DynamoDb } from '../../packages/local-aws/src/dynamodb/dynamo-db.ts';
import { AwsEndpoint } from '../../packages/local-aws/src/endpoint/aws-endpoint.ts';
import { jsonProtocol } from '../../packages/local-aws/src/endpoint/protocols.ts';
import { signingSecret } from '../webhook.ts';
import { startChild } from './function.ts';

/**
 * Starts the local run's AWS endpoint on a free port, in a separate process, so that its work is not
 * measured. DynamoDB keeps what is written, so duplicates are found; EventBridge accepts each entry and drops
 * it. `takeRequests` returns the operations since the last call, in order; PutEvents with its detail types.
 * It throws when one of them failed, unless it was a condition that did not hold.
 */
export async function startAws() {
  const { child, answer } = startChild(new URL(import.meta.url));
  const { endpoint } = await answer<{ endpoint: string }>();
  const takeRequests = async () => (await answer<{ requests: string[] }>({})).requests;
  return { endpoint, takeRequests, stop: () => child.disconnect() };
}

/** The endpoint, running. */
export type Aws = Awaited<ReturnType<typeof startAws>>;

const secretsManager: AwsService = {
  call: async () => ({ SecretString: signingSecret }),
};

const eventBridge: AwsService = {
  async call(_action, { Entries }) {
    const results = (Entries as readonly unknown[]).map(() => ({ EventId: crypto.randomUUID() }));
    return { FailedEntryCount: 0, Entries: results };
  },
};

/** DynamoDB in memory, in which any table that is named exists. */
function createDynamoDb(): AwsService {
  const place = { region: 'us-east-1', accountId: '123456789012' };
  const dynamoDb = new DynamoDb({ store: openStore(), clock: systemClock(), ...place });
  const tables = new Set<unknown>();
  return {
    async call(action, input) {
      for (const name of [input.TableName ?? Object.keys(input.RequestItems ?? {})].flat()) {
        if (!tables.has(name)) {
          tables.add(name);
          await dynamoDb.call('CreateTable', definitionOf(name as string));
        }
      }
      return dynamoDb.call(action, input);
    },
  };
}

/** The table of identities has two key attributes; every other table that ingest uses has `id`. */
function definitionOf(TableName: string) {
  const isIdentities = /identit/i.test(TableName);
  const names = isIdentities ? [identityKey.address, identityKey.scope] : ['id'];
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: names.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
  };
}

async function serve(): Promise<void> {
  let requests: string[] = [];
  let failed: string | undefined;
  const recorded = (service: AwsService): AwsService => ({
    async call(action, input) {
      const entries = action === 'PutEvents' ? (input.Entries as { DetailType: string }[]) : [];
      requests.push([action, ...entries.map(({ DetailType }) => DetailType)].join(' '));
      try {
        return await service.call(action, input);
      } catch (error) {
        const { name, message } = error as Error;
        if (name !== 'ConditionalCheckFailedException') {
          failed = `${action}: ${name}: ${message}`;
        }
        throw error;
      }
    },
  });
  const protocol = jsonProtocol(
    new Map([
      ['AWSEvents', recorded(eventBridge)],
      ['DynamoDB_20120810', recorded(createDynamoDb())],
      ['secretsmanager', recorded(secretsManager)],
    ]),
  );
  const port = await new AwsEndpoint([protocol], () => undefined).listen(0);
  process.on('message', () => {
    process.send?.(failed ? { failed } : { requests });
    requests = [];
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ endpoint: `http://127.0.0.1:${port}` });
}

if (import.meta.main) {
  await serve();
}
