import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type EventType, typesInCategory } from '../events/catalog.ts';
import type { Unrecognized } from '../events/envelope.ts';
import { type EventPattern, pattern } from '../events/pattern.ts';
import { unrecognized } from '../events/unrecognized.ts';
import { BundledFunction } from './bundled-function.ts';
import type { ConsumerRow } from './consumers.ts';
import type { WhatsAppEventBus } from './event-bus.ts';
import { createEndQueue, createQueue } from './queue.ts';
import type { Settings } from './settings.ts';

/** Props of {@link Consumer}. */
export interface ConsumerProps {
  readonly name: string;
  readonly row: ConsumerRow;
  readonly bus: WhatsAppEventBus;
  readonly settings: Settings;
  /** Where idempotent consumers note what they have begun and done. */
  readonly claims: () => ITable;
}

/**
 * AWS's advice for a queue that feeds a function: six times the function's timeout
 * (Lambda Developer Guide, "Configuring a queue to use with Lambda").
 */
const visibilityPerTimeout = 6;

/** How often a message is given out unless the row says otherwise. */
const defaultMaxReceiveCount = 5;

/** One consumer: a rule, a queue, a dead-letter queue and, if its row says so, a function. */
export class Consumer extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { name, row, bus, settings, claims }: ConsumerProps) {
    super(scope, id);
    const prefix = `whatsapp-${settings.stage}-${name}`;
    const timeoutSeconds = row.runs?.timeoutSeconds ?? 30;
    this.deadLetterQueue = createEndQueue(this, 'DeadLetters', {
      queueName: `${prefix}-dead-letters`,
      role: 'dead-letters',
      consumer: name,
    });
    this.queue = createQueue(this, 'Queue', {
      queueName: prefix,
      role: 'consumer',
      consumer: name,
      retention: Duration.days(settings.queueRetentionDays),
      visibilityTimeout: Duration.seconds(visibilityPerTimeout * timeoutSeconds),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: row.maxReceiveCount ?? defaultMaxReceiveCount,
      },
    });
    bus.addQueueRule(this, 'Rule', {
      description: row.summary,
      pattern: heardPattern(row),
      queue: this.queue,
    });
    if (row.runs) this.#run(prefix, row, { name, timeoutSeconds, settings, claims });
  }

  #run(
    functionName: string,
    { summary, runs = {}, maxReceiveCount = defaultMaxReceiveCount }: ConsumerRow,
    { name, timeoutSeconds, settings, claims }: RunContext,
  ): void {
    const table = runs.idempotent ? claims() : undefined;
    const bundled = new BundledFunction(this, 'Handler', {
      entry: `lambdas/consumers/${name}.ts`,
      functionName,
      description: summary,
      memoryMb: runs.memoryMb ?? settings.consumerMemoryMb,
      timeoutSeconds,
      logRetentionDays: settings.logRetentionDays,
      // Consumers load the SDK of Lambda's runtime, and only when something has failed.
      sdk: 'runtime',
      environment: {
        CONSUMER: name,
        MAX_RECEIVE_COUNT: String(maxReceiveCount),
        TIMEOUT_SECONDS: String(timeoutSeconds),
        QUEUE_URL: this.queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: this.deadLetterQueue.queueUrl,
        ...(table ? { CLAIMS_TABLE: table.tableName } : {}),
      },
    });
    bundled.role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetterQueue.queueArn],
      }),
    );
    if (table) bundled.role.addToPolicy(ownClaims(table, name));
    bundled.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: runs.batchSize ?? 10,
        reportBatchItemFailures: true,
      }),
    );
  }
}

/** What a consumer's function is made with, besides its row. */
type RunContext = Pick<ConsumerProps, 'name' | 'settings' | 'claims'> & {
  readonly timeoutSeconds: number;
};

/** A consumer may touch its own claims, and no other's. */
function ownClaims(table: ITable, consumer: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${consumer}#*`] } },
  });
}

/**
 * What a consumer's rule lets through: its types, but not a fact that was already told as another
 * kind, which it would hear a second time.
 */
export function heardPattern(row: ConsumerRow): EventPattern {
  const [first, ...others] = heardTypes(row) as (EventType | Unrecognized)[];
  if (!first) throw new Error(`The consumer "${row.summary}" hears nothing: name a category.`);
  return pattern({
    type: [first, ...others],
    where: { 'meta.twinOf': { exists: false } },
  });
}

/** The detail-types that a consumer's rule lets through. */
export function heardTypes(row: ConsumerRow): string[] {
  return row.hears.flatMap((category): readonly string[] =>
    category === unrecognized.category ? [unrecognized.type] : typesInCategory(category),
  );
}
