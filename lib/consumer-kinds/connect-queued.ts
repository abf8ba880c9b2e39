import { Duration, Size, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { busNameOf, type consumerVariables, replayRulePrefix } from '../../events/names.ts';
import { alarmPeriod } from '../alarms/alarms.ts';
import { oldest, waiting } from '../alarms/metrics.ts';
import { BundledFunction } from '../bundled-function.ts';
import { tableVariables } from '../bundling.ts';
import type { CheckedRow } from '../consumer-row.ts';
import { admitReader } from '../encryption.ts';
import { createFailureQueue, createQueue } from '../queue.ts';
import { mayHaveState, ownRecords, ownState } from '../tables.ts';
import {
  type ConnectedRule,
  type ConsumerContext,
  deliveryOf,
  ruleOf,
} from './consumer-context.ts';

/** A consumer's queue and its dead-letter queue. */
export interface ConnectedQueue extends ConnectedRule {
  /** Holds the events until they are read. */
  readonly queue: Queue;
  /** Holds the events that could not be processed. */
  readonly deadLetterQueue: Queue;
}

/** Creates a rule, a queue and a dead-letter queue. */
function createConsumerQueue(
  context: ConsumerContext<'function' | 'queue'>,
  visibilityTimeout: Duration,
): ConnectedQueue {
  const { scope, name, prefix, row, bus, settings } = context;
  const deadLetterQueue = createFailureQueue(scope, 'DeadLetters', {
    queueName: `${prefix}-dead-letters`,
    role: 'dead-letters',
    consumer: name,
    deadLettersOf: prefix,
  });
  const queue = createQueue(scope, 'Queue', {
    queueName: prefix,
    role: 'consumer',
    consumer: name,
    retention: Duration.days(row.retentionDays ?? settings.queueRetentionDays),
    visibilityTimeout: visibilityTimeout,
    deadLetterQueue: {
      queue: deadLetterQueue,
      maxReceiveCount: row.maxReceiveCount,
    },
  });
  queue.addToResourcePolicy(bus.admitting(queue, `${replayRulePrefix}*`));
  const delivery = deliveryOf(row, bus);
  const rule = bus.addQueueRule(scope, 'Rule', { ...ruleOf(context), queue, delivery });
  return { rule, queue, deadLetterQueue };
}

/** Creates a queue that a service of the user reads, also from another account. */
export function connectQueue(context: ConsumerContext<'queue'>): ConnectedQueue {
  const { row } = context;
  const connected = createConsumerQueue(context, Duration.seconds(row.visibilityTimeoutSeconds));
  for (const account of row.readableBy ?? []) {
    connected.queue.grantConsumeMessages(new AccountPrincipal(account));
    admitReader(context.scope, account);
  }
  addConsumerAlarms(context, connected);
  return connected;
}

/** A consumer's queue and the function that reads it. */
export interface ConnectedFunction extends ConnectedQueue {
  /** Reads the queue. */
  readonly function: IFunction;
}

/**
 * Visibility timeout of the queue in function timeouts. AWS recommends six times the timeout plus the batch
 * window (Lambda Developer Guide, "Configuring a queue to use with Lambda").
 */
const visibilityPerTimeout = 6;

/** Default batch sizes. Lambda allows at most 10 messages without a batch window. */
const plainBatchSize = 10;
const waitingBatchSize = 100;

/** The environment variables of a consumer that do not come from its row. */
type ConsumerEnvironment = { readonly [Name in (typeof consumerVariables)[number]]?: string };

/** Creates a queue, and a function that Lambda invokes with its messages. */
export function connectFunction(context: ConsumerContext<'function'>): ConnectedFunction {
  const { row, settings } = context;
  const defaultWindow = row.state ? settings.stateBatchSeconds : 0;
  const batchWindowSeconds = row.batchWindowSeconds ?? defaultWindow;
  const connected = createConsumerQueue(
    context,
    Duration.seconds(visibilityPerTimeout * row.timeoutSeconds + batchWindowSeconds),
  );
  const bundled = createFunction(context, connected);
  bundled.readQueue(connected.queue, {
    batchSize: row.batchSize ?? (batchWindowSeconds > 0 ? waitingBatchSize : plainBatchSize),
    maxBatchingWindow: batchWindowSeconds > 0 ? Duration.seconds(batchWindowSeconds) : undefined,
    maxConcurrency: row.concurrency,
  });
  addConsumerAlarms(context, connected);
  return { ...connected, function: bundled.function };
}

function createFunction(
  { scope, name, prefix, row, settings, bus, records, state }: ConsumerContext<'function'>,
  { queue, deadLetterQueue }: ConnectedQueue,
): BundledFunction {
  const table = row.idempotent ? records() : undefined;
  const stateTable = mayHaveState(name, row, settings.state) ? state() : undefined;
  const own: ConsumerEnvironment = {
    CONSUMER: name,
    BUS_ACCOUNT: Stack.of(scope).account,
    MAX_RECEIVE_COUNT: String(row.maxReceiveCount),
    ...(settings.handlerErrors === 'full' ? { HANDLER_ERRORS: 'full' } : {}),
    TIMEOUT_SECONDS: String(row.timeoutSeconds),
    QUEUE_URL: queue.queueUrl,
    DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
    ...(table ? { IDEMPOTENCY_TABLE: table.tableName } : {}),
    ...(stateTable
      ? { STATE_TABLE: stateTable.tableName, STATE_DAYS: String(settings.stateDays) }
      : {}),
    ...(row.publishes ? { BUS_NAME: busNameOf(bus.stage) } : {}),
  };
  const bundled = new BundledFunction(scope, 'Handler', {
    entry: row.entry ?? `lambdas/consumers/${name}.ts`,
    functionName: prefix,
    description: cutDescription(row.summary),
    settings,
    memory: Size.mebibytes(row.memoryMb ?? settings.consumerMemoryMb),
    timeout: Duration.seconds(row.timeoutSeconds),
    absent: tableVariables.filter((each) => !own[each]),
    sourceMaps: settings.handlerErrors === 'full',
    environment: { ...row.environment, ...own },
  });
  for (const [action, { queueArn }] of [
    ['sqs:SendMessage', deadLetterQueue],
    // A failed event is hidden for longer at each attempt.
    ['sqs:ChangeMessageVisibility', queue],
  ] as const) {
    bundled.role.addToPolicy(new PolicyStatement({ actions: [action], resources: [queueArn] }));
  }
  if (table) {
    bundled.role.addToPolicy(ownRecords(table, name));
  }
  if (stateTable) {
    bundled.role.addToPolicy(ownState(stateTable, name, row));
  }
  if (row.publishes) {
    bus.bus.grantPutEventsTo(bundled.role);
  }
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

/** Maximum length of a function's description (Lambda API reference, CreateFunction). */
const maxDescription = 256;

/** A summary may be longer, since EventBridge takes 512 characters for a rule. No surrogate pair is cut in two. */
const cutDescription = (summary: string) =>
  summary.length <= maxDescription
    ? summary
    : `${summary.slice(0, maxDescription - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/**
 * Adds the alarms of a consumer with a queue. An alarm fires if the oldest event in the queue is too old. The
 * watch function counts failed events of all consumers of its stack together; a consumer in another stack is
 * not counted there, and has an alarm of its own for them.
 */
function addConsumerAlarms(
  { scope, name, row, alarms, isWatched = false }: ConsumerContext<'function' | 'queue'>,
  { queue, deadLetterQueue }: ConnectedQueue,
): void {
  if (!alarms) {
    return;
  }
  if (!isWatched) {
    alarms.add(scope, 'FailedAlarm', {
      kind: 'events-failed',
      subject: name,
      sentence: `The consumer ${name} could not process an event, which is now in its dead-letter queue.`,
      metric: waiting(deadLetterQueue, alarmPeriod),
      threshold: 1,
    });
  }
  const minutes = lateAfterMinutes(row);
  if (minutes > 0) {
    alarms.add(scope, 'LateAlarm', {
      kind: 'late',
      subject: name,
      sentence: `The oldest event for the consumer ${name} has been waiting for ${minutes} minutes.`,
      metric: oldest(queue, alarmPeriod),
      threshold: minutes * 60,
    });
  }
}

/** Minutes that an event may wait for a function. All its redeliveries end well before. */
const functionMinutes = 15;

/**
 * The age in minutes from which the oldest event is too old; 0 disables the alarm. The default is 0 for a
 * queue that a service of the user reads: before that service exists, the alarm would always fire.
 */
function lateAfterMinutes(row: CheckedRow<'function' | 'queue'>): number {
  if (row.alarmAgeMinutes !== undefined) {
    return row.alarmAgeMinutes;
  }
  if (row.kind === 'queue') {
    return 0;
  }
  // A message that was received and not deleted is hidden for six timeouts.
  return Math.max(functionMinutes, Math.ceil((row.timeoutSeconds * 12) / 60));
}
