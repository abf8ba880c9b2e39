import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { BundledFunction } from '../bundled-function.ts';
import { busNameOf } from '../bus-name.ts';
import type { FunctionConsumer } from '../consumer-row.ts';
import { mayKeepState } from '../state-keepers.ts';
import { ownState } from '../state-table.ts';
import {
  type ConnectedQueue,
  createConsumerQueue,
  defaultMaxReceiveCount,
} from './connect-queue.ts';
import type { ConsumerContext } from './consumer-context.ts';

/** A consumer's queue and the function that reads it. */
export interface ConnectedFunction extends ConnectedQueue {
  readonly function: IFunction;
}

/**
 * AWS's advice for a queue that feeds a function: six times the function's timeout, and the batch
 * window on top (Lambda Developer Guide, "Configuring a queue to use with Lambda").
 */
const visibilityPerTimeout = 6;

/** A queue, and a function that is given what is in it. */
export function connectFunction(context: ConsumerContext<FunctionConsumer>): ConnectedFunction {
  const { row, settings } = context;
  const { timeoutSeconds = 30 } = row;
  const patience = row.keepsState ? settings.stateBatchSeconds : 0;
  const batchWindowSeconds = row.batchWindowSeconds ?? patience;
  const connected = createConsumerQueue(
    context,
    visibilityPerTimeout * timeoutSeconds + batchWindowSeconds,
  );
  const bundled = createFunction(context, timeoutSeconds, connected);
  bundled.function.addEventSource(
    new SqsEventSource(connected.queue, {
      batchSize: row.batchSize ?? 10,
      maxBatchingWindow: batchWindowSeconds > 0 ? Duration.seconds(batchWindowSeconds) : undefined,
      maxConcurrency: row.concurrency,
      reportBatchItemFailures: true,
    }),
  );
  return { ...connected, function: bundled.function };
}

function createFunction(
  { scope, name, prefix, row, settings, bus, claims, state }: ConsumerContext<FunctionConsumer>,
  timeoutSeconds: number,
  { queue, deadLetterQueue }: ConnectedQueue,
): BundledFunction {
  const table = row.idempotent ? claims() : undefined;
  const stateTable = mayKeepState(name, row, settings.keepState) ? state() : undefined;
  const bundled = new BundledFunction(scope, 'Handler', {
    entry: row.entry ?? `lambdas/consumers/${name}.ts`,
    functionName: prefix,
    description: row.summary,
    settings,
    memoryMb: row.memoryMb ?? settings.consumerMemoryMb,
    timeoutSeconds,
    absent: absentVariables(row, { CLAIMS_TABLE: table, STATE_TABLE: stateTable }),
    environment: {
      ...row.environment,
      CONSUMER: name,
      MAX_RECEIVE_COUNT: String(row.maxReceiveCount ?? defaultMaxReceiveCount),
      TIMEOUT_SECONDS: String(timeoutSeconds),
      QUEUE_URL: queue.queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
      ...(table ? { CLAIMS_TABLE: table.tableName } : {}),
      ...(stateTable
        ? { STATE_TABLE: stateTable.tableName, STATE_DAYS: String(settings.stateDays) }
        : {}),
      ...(row.publishes ? { BUS_NAME: busNameOf(bus.stage) } : {}),
    },
  });
  bundled.role.addToPolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [deadLetterQueue.queueArn],
    }),
  );
  if (table) bundled.role.addToPolicy(ownClaims(table, name));
  if (stateTable) bundled.role.addToPolicy(ownState(stateTable, name));
  if (row.publishes) bus.bus.grantPutEventsTo(bundled.role);
  for (const { actions, resources, conditions } of row.permissions ?? []) {
    bundled.role.addToPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        conditions: { ...conditions },
      }),
    );
  }
  return bundled;
}

/** The tables that a consumer has no part of, unless its row has a variable of the same name. */
const absentVariables = (
  { environment = {} }: FunctionConsumer,
  tables: Readonly<Record<string, ITable | undefined>>,
) => Object.keys(tables).filter((name) => !tables[name] && !(name in environment));

/** A consumer may touch its own claims, and no other's. */
function ownClaims(table: ITable, consumer: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${consumer}#*`] } },
  });
}
