import { Duration, Stack, Tags } from 'aws-cdk-lib';
import {
  type DeadLetterQueue,
  Queue,
  QueueEncryption,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
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
  /** Name of the one queue whose dead-letter queue this may be. @default - no queue may */
  readonly deadLettersOf?: string;
  /** Encrypts with SQS's own key even where the customer has one. @default false */
  readonly isReadableWithoutCustomerKey?: boolean;
}

/**
 * How long a failure queue (dead-letter, undeliverable, unrouted) keeps its messages: SQS's maximum,
 * since a person has to look at them (SQS API reference, MessageRetentionPeriod).
 */
export const endRetention = Duration.days(14);

/** A failure queue: nothing consumes its messages until a person redrives or purges them. */
export function createEndQueue(
  scope: Construct,
  id: string,
  settings: Omit<QueueSettings, 'retention' | 'visibilityTimeout' | 'deadLetterQueue'>,
): Queue {
  const queue = createQueue(scope, id, { ...settings, retention: endRetention });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'This is where events end that cannot go on; there is nothing behind it.',
    'Serverless-SQSRedrivePolicy': 'The same.',
  });
  return queue;
}

/** SQS's largest; its default is smaller where a partition is behind (SQS Developer Guide, "Message quotas"). */
const maxMessageSizeBytes = 1_048_576;

/** A standard queue as all of ours are: encrypted, and reached by TLS only. */
export function createQueue(scope: Construct, id: string, settings: QueueSettings): Queue {
  const { retention, role, consumer, deadLettersOf, isReadableWithoutCustomerKey, ...rest } =
    settings;
  const queue = new Queue(scope, id, {
    ...rest,
    retentionPeriod: retention,
    maxMessageSizeBytes,
    redriveAllowPolicy: redriveAllowed(scope, id, deadLettersOf),
    ...(isReadableWithoutCustomerKey
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : queueEncryption(scope)),
    enforceSSL: true,
  });
  Tags.of(queue).add(queueTags.role, role);
  if (consumer) {
    Tags.of(queue).add(queueTags.consumer, consumer);
  }
  return queue;
}

/** By its name: the queue refers to this one already, and a reference back would be a circle. */
function redriveAllowed(scope: Construct, id: string, deadLettersOf: string | undefined) {
  if (deadLettersOf === undefined) {
    return { redrivePermission: RedrivePermission.DENY_ALL };
  }
  const arn = Stack.of(scope).formatArn({ service: 'sqs', resource: deadLettersOf });
  return {
    redrivePermission: RedrivePermission.BY_QUEUE,
    sourceQueues: [Queue.fromQueueArn(scope, `${id}Source`, arn)],
  };
}
