import { Duration } from 'aws-cdk-lib';
import { Archive, type CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSource } from '../events/event-source.ts';
import { createEndQueue } from './queue.ts';

/** Props of {@link WhatsAppEventBus}. */
export interface WhatsAppEventBusProps {
  /** Name of the deployment; the bus is called `whatsapp-<stage>`. */
  readonly stage: string;
  /** Days that every event is kept for replays; 0 keeps none. */
  readonly archiveDays: number;
}

/** The bus that every event is put on, and the queue for what a rule could not deliver. */
export class WhatsAppEventBus extends Construct {
  readonly bus: EventBus;
  /**
   * Where EventBridge puts an event when it gives up on a target, with the rule, the target and the
   * error as message attributes (EventBridge User Guide, "Using dead-letter queues to process
   * undelivered events").
   */
  readonly undeliverable: Queue;

  constructor(scope: Construct, id: string, { stage, archiveDays }: WhatsAppEventBusProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `whatsapp-${stage}`,
      description: 'WhatsApp events, normalized, one detail-type for each kind',
    });
    if (archiveDays > 0) {
      new Archive(this, 'Archive', {
        archiveName: `whatsapp-${stage}`,
        description: 'Every event, for replays to one consumer',
        sourceEventBus: this.bus,
        eventPattern: { source: [eventSource] },
        retention: Duration.days(archiveDays),
      });
    }
    this.undeliverable = createEndQueue(this, 'Undeliverable', {
      queueName: `whatsapp-${stage}-undeliverable`,
      role: 'undeliverable',
    });
  }

  /** Sends what matches the pattern to a queue; what cannot be delivered, to the undeliverable queue. */
  addQueueRule(scope: Construct, id: string, { pattern, description, queue }: QueueRule): Rule {
    const target = new SqsQueue(queue, { deadLetterQueue: this.undeliverable });
    const rule = new Rule(scope, id, {
      eventBus: this.bus,
      description,
      // Replaced below: CDK's own type of a pattern has no $or, and renames the fields.
      eventPattern: { source: [eventSource] },
      targets: [target],
    });
    (rule.node.defaultChild as CfnRule).eventPattern = pattern;
    return rule;
  }
}

/** A rule from the bus to a queue. */
export interface QueueRule {
  /** As EventBridge takes it: `detail-type`, not `detailType`. */
  readonly pattern: object;
  readonly description: string;
  readonly queue: IQueue;
}
