import { Duration, Size } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { busNameOf } from '../events/names.ts';
import { BundledFunction } from './bundled-function.ts';
import { createEndQueue, createQueue, endRetention } from './queue.ts';
import type { Settings } from './settings.ts';

/** Props of {@link Spill}. */
export interface SpillProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The bus that events are published on again. */
  readonly bus: IEventBus;
}

/** Seconds for one batch: ten messages at the same time, each with a second for the bus. */
const timeoutSeconds = 10;

/**
 * How often an event is offered to the bus again before it moves to the dead-letter queue: SQS's highest number.
 * With the visibility timeout below that is more than sixteen hours of a bus that refuses.
 */
const maxReceiveCount = 1_000;

/** Where events wait while the bus refuses them, and the function that offers them again. */
export class Spill extends Construct {
  /** Holds the events that the bus refused. */
  readonly queue: Queue;
  /** Holds what the bus refused for longer than the spill queue offers it. */
  readonly deadLetterQueue: Queue;
  /** Offers the events to the bus again. */
  readonly republish: IFunction;

  constructor(scope: Construct, id: string, { settings, bus }: SpillProps) {
    super(scope, id);
    const name = `whatsapp-${settings.stage}-spill`;
    this.deadLetterQueue = createEndQueue(this, 'DeadLetters', {
      queueName: `${name}-dead-letters`,
      role: 'dead-letters',
      deadLettersOf: name,
    });
    this.queue = createQueue(this, 'Queue', {
      queueName: name,
      role: 'spill',
      retention: endRetention,
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount,
      },
    });
    const republish = new BundledFunction(this, 'Republish', {
      entry: 'lambdas/republish/republish.ts',
      functionName: `whatsapp-${settings.stage}-republish`,
      description: 'Puts on the bus what it refused before',
      settings,
      memory: Size.mebibytes(settings.consumerMemoryMb),
      timeout: Duration.seconds(timeoutSeconds),
      environment: { BUS_NAME: busNameOf(settings.stage) },
    });
    this.republish = republish.function;
    bus.grantPutEventsTo(republish.function);
    republish.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );
  }
}
