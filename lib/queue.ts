import { Duration } from 'aws-cdk-lib';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './nag.ts';

/** What differs between our queues. */
export interface QueueSettings {
  /** The queue's physical name, so that a person finds it in a list. */
  readonly queueName: string;
  readonly retention: Duration;
  /** @default - SQS's own, 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** @default - none: this queue is an end itself */
  readonly deadLetterQueue?: DeadLetterQueue;
}

/**
 * How long an end queue (dead-letter, undeliverable, unrouted) keeps its messages: the longest that
 * SQS offers, since a person has to come and look (SQS API reference, MessageRetentionPeriod).
 */
const endRetention = Duration.days(14);

/** An end queue: what is in it has nowhere else to go and waits for a person. */
export function createEndQueue(scope: Construct, id: string, queueName: string): Queue {
  const queue = createQueue(scope, id, { queueName, retention: endRetention });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'This is where events end that cannot go on; there is nothing behind it.',
  });
  return queue;
}

/** A standard queue as all of ours are: encrypted with SQS's own key, and reached by TLS only. */
export function createQueue(scope: Construct, id: string, settings: QueueSettings): Queue {
  const { retention, ...rest } = settings;
  return new Queue(scope, id, {
    ...rest,
    retentionPeriod: retention,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
}
