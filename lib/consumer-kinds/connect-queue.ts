import { Duration } from 'aws-cdk-lib';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { replayRulePrefix } from '../../events/replay-rule-prefix.ts';
import type { FunctionConsumer, QueueConsumer } from '../consumer-row.ts';
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

/** How often a message is given out unless the row says otherwise. */
export const defaultMaxReceiveCount = 5;

/** Seconds that a message is hidden in a queue without a function, unless the row says otherwise. */
const defaultVisibilityTimeoutSeconds = 180;

/** Makes a rule, a queue and a dead-letter queue. */
export function createConsumerQueue(
  context: ConsumerContext<FunctionConsumer | QueueConsumer>,
  visibilityTimeoutSeconds: number,
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
    visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds),
    deadLetterQueue: {
      queue: deadLetterQueue,
      maxReceiveCount: row.maxReceiveCount ?? defaultMaxReceiveCount,
    },
  });
  queue.addToResourcePolicy(bus.admitting(queue, `${replayRulePrefix}*`));
  const delivery = deliveryOf(row, bus);
  const rule = bus.addQueueRule(scope, 'Rule', { ...ruleOf(row), queue, delivery });
  return { rule, queue, deadLetterQueue };
}

/** A queue that a service of the user's own reads, perhaps from another account. */
export function connectQueue(context: ConsumerContext<QueueConsumer>): ConnectedQueue {
  const { row } = context;
  const connected = createConsumerQueue(
    context,
    row.visibilityTimeoutSeconds ?? defaultVisibilityTimeoutSeconds,
  );
  for (const account of row.readableBy ?? []) {
    connected.queue.grantConsumeMessages(new AccountPrincipal(account));
  }
  return connected;
}
