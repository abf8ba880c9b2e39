import { Duration, Tags } from 'aws-cdk-lib';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { customerKeyOf } from './customer-key.ts';
import { acknowledge } from './nag.ts';

/**
 * What a queue is for, as a tag that tools read (`fanout dlq`): a consumer's queue, or one of the
 * ends where events wait for a person or for better times.
 */
export type QueueRole = 'consumer' | 'dead-letters' | 'undeliverable' | 'unrouted' | 'spill';

/** Tag with a queue's {@link QueueRole}. */
export const roleTag = 'fanout:role';

/** Tag with the name of the consumer that a queue belongs to. */
export const consumerTag = 'fanout:consumer';

/** What differs between our queues. */
export interface QueueSettings {
  /** The queue's physical name, so that a person finds it in a list. */
  readonly queueName: string;
  readonly retention: Duration;
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
    ...encryptionOf(scope),
    enforceSSL: true,
  });
  Tags.of(queue).add(roleTag, role);
  if (consumer) Tags.of(queue).add(consumerTag, consumer);
  return queue;
}

/** How long SQS goes on with a data key: the longest costs the fewest uses of the customer's key. */
const dataKeyReuse = Duration.hours(24);

function encryptionOf(scope: Construct) {
  const encryptionMasterKey = customerKeyOf(scope);
  if (!encryptionMasterKey) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey, dataKeyReuse };
}
