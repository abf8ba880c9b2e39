import { Duration, Tags } from 'aws-cdk-lib';
import { type DeadLetterQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type QueueRole, queueTags } from '../events/names.ts';
import { queueEncryption } from './encryption.ts';
import { acknowledge } from './nag.ts';

/** What differs between our queues. */
export interface QueueSettings {
  /** The queue's physical name, so that a person finds it in a list. */
  readonly queueName: string;
  /** How long a message stays. */
  readonly retention: Duration;
  /** What the queue is for, as a tag that operators' tools read (`fanout dlq`). */
  readonly role: QueueRole;
  /** @default - the queue belongs to no consumer */
  readonly consumer?: string;
  /** @default - SQS's own, 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** @default - none: this queue is an end itself */
  readonly deadLetterQueue?: DeadLetterQueue;
}

/**
 * How long an end queue (dead-letter, undeliverable, unrouted) keeps its messages: the longest that
 * SQS offers, since a person has to come and look (SQS API reference, MessageRetentionPeriod).
 */
export const endRetention = Duration.days(14);

/** An end queue: what is in it has nowhere else to go and waits for a person. */
export function createEndQueue(
  scope: Construct,
  id: string,
  settings: Pick<QueueSettings, 'queueName' | 'role' | 'consumer'>,
): Queue {
  const queue = createQueue(scope, id, { ...settings, retention: endRetention });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'This is where events end that cannot go on; there is nothing behind it.',
    'Serverless-SQSRedrivePolicy': 'The same.',
  });
  return queue;
}

/** A standard queue as all of ours are: encrypted, and reached by TLS only. */
export function createQueue(scope: Construct, id: string, settings: QueueSettings): Queue {
  const { retention, role, consumer, ...rest } = settings;
  const queue = new Queue(scope, id, {
    ...rest,
    retentionPeriod: retention,
    ...queueEncryption(scope),
    enforceSSL: true,
  });
  Tags.of(queue).add(queueTags.role, role);
  if (consumer) Tags.of(queue).add(queueTags.consumer, consumer);
  return queue;
}
