import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { typesInCategory } from '../events/catalog.ts';
import { eventSource } from '../events/event-source.ts';
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
}

/**
 * AWS's advice for a queue that feeds a function: six times the function's timeout
 * (Lambda Developer Guide, "Configuring a queue to use with Lambda").
 */
const visibilityPerTimeout = 6;

/** One consumer: a rule, a queue, a dead-letter queue and, if its row says so, a function. */
export class Consumer extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { name, row, bus, settings }: ConsumerProps) {
    super(scope, id);
    const prefix = `whatsapp-${settings.stage}-${name}`;
    const timeoutSeconds = row.runs?.timeoutSeconds ?? 30;
    this.deadLetterQueue = createEndQueue(this, 'DeadLetters', `${prefix}-dead-letters`);
    this.queue = createQueue(this, 'Queue', {
      queueName: prefix,
      retention: Duration.days(settings.queueRetentionDays),
      visibilityTimeout: Duration.seconds(visibilityPerTimeout * timeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: row.maxReceiveCount ?? 5 },
    });
    bus.addQueueRule(this, 'Rule', {
      description: row.summary,
      pattern: { source: [eventSource], detailType: heardTypes(row) },
      queue: this.queue,
    });
    if (row.runs) this.#run(prefix, row, { timeoutSeconds, settings, name });
  }

  #run(
    functionName: string,
    { summary, runs }: ConsumerRow,
    {
      name,
      timeoutSeconds,
      settings,
    }: { name: string; timeoutSeconds: number; settings: Settings },
  ): void {
    const bundled = new BundledFunction(this, 'Handler', {
      entry: `lambdas/consumers/${name}.ts`,
      functionName,
      description: summary,
      memoryMb: runs?.memoryMb ?? settings.consumerMemoryMb,
      timeoutSeconds,
      logRetentionDays: settings.logRetentionDays,
      environment: { CONSUMER: name },
    });
    bundled.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: runs?.batchSize ?? 10,
        reportBatchItemFailures: true,
      }),
    );
  }
}

/** The detail-types that a consumer's rule lets through. */
export function heardTypes(row: ConsumerRow): string[] {
  return row.hears.flatMap((category): readonly string[] =>
    category === unrecognized.category ? [unrecognized.type] : typesInCategory(category),
  );
}
