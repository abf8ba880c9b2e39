import { Duration } from 'aws-cdk-lib';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { replayRulePrefix } from '../../events/replay-rule-prefix.ts';
import { createEndQueue, createQueue } from '../queue.ts';
import {
  type ConnectedRule,
  type ConsumerContext,
  deliveryOf,
  ruleOf,
} from './consumer-context.ts';

/** A consumer's queue and what is behind it. */
export interface ConnectedQueue extends ConnectedRule {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
}

/** Makes a rule, a queue and a dead-letter queue. */
export function createConsumerQueue(
  context: ConsumerContext<'function' | 'queue'>,
  visibilityTimeout: Duration,
): ConnectedQueue {
  const { scope, name, prefix, row, bus, settings } = context;
  const deadLetterQueue = createEndQueue(scope, 'DeadLetters', {
    queueName: `${prefix}-dead-letters`,
    role: 'dead-letters',
    consumer: name,
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
  const rule = bus.addQueueRule(scope, 'Rule', { ...ruleOf(row), queue, delivery });
  return { rule, queue, deadLetterQueue };
}

/** A queue that a service of the user's own reads, perhaps from another account. */
export function connectQueue(context: ConsumerContext<'queue'>): ConnectedQueue {
  const { row } = context;
  const connected = createConsumerQueue(context, Duration.seconds(row.visibilityTimeoutSeconds));
  for (const account of row.readableBy ?? []) {
    connected.queue.grantConsumeMessages(new AccountPrincipal(account));
  }
  return connected;
}
