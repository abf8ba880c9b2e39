import { Duration, Size } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { busNameOf } from '../events/names.ts';
import { BundledFunction } from './bundled-function.ts';
import { createFailureQueue, createQueue, failureRetention } from './queue.ts';
import type { Settings } from './settings.ts';

/** Props of {@link Spill}. */
export interface SpillProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The bus that events are published on again. */
  readonly bus: IEventBus;
}

/** Timeout in seconds for one batch: ten messages, each with one second for PutEvents. */
const timeoutSeconds = 10;

/**
 * How often the function tries to publish an event before SQS moves it to the dead-letter queue: the maximum
 * of SQS. With the visibility timeout below, this covers an outage of the bus of more than 16 hours.
 */
const maxReceiveCount = 1_000;

/** The spill queue for events that the bus refused, and the function that publishes them again. */
export class Spill extends Construct {
  /** Holds the events that the bus refused. */
  readonly queue: Queue;
  /** Holds events that the bus refused at every attempt. */
  readonly deadLetterQueue: Queue;
  /** Publishes the events again. */
  readonly republish: IFunction;

  constructor(scope: Construct, id: string, { settings, bus }: SpillProps) {
    super(scope, id);
    const name = `whatsapp-${settings.stage}-spill`;
    this.deadLetterQueue = createFailureQueue(this, 'DeadLetters', {
      queueName: `${name}-dead-letters`,
      role: 'dead-letters',
      deadLettersOf: name,
    });
    this.queue = createQueue(this, 'Queue', {
      queueName: name,
      role: 'spill',
      retention: failureRetention,
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds),
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount,
      },
    });
    const republish = new BundledFunction(this, 'Republish', {
      entry: 'lambdas/republish/republish.ts',
      functionName: `whatsapp-${settings.stage}-republish`,
      description: 'Publishes events again that the bus refused',
      settings,
      memory: Size.mebibytes(settings.consumerMemoryMb),
      timeout: Duration.seconds(timeoutSeconds),
      environment: { BUS_NAME: busNameOf(settings.stage) },
    });
    this.republish = republish.function;
    bus.grantPutEventsTo(republish.function);
    republish.readQueue(this.queue, { batchSize: 10, maxConcurrency: 2 });
  }
}
