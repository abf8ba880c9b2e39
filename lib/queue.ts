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

/** Props of a queue. */
export interface QueueSettings {
  /** The queue's physical name, so that a person finds it in a list. */
  readonly queueName: string;
  /** How long the queue keeps a message. */
  readonly retention: Duration;
  /** What the queue is for, as a tag that operators' tools read (`fanout dlq`). */
  readonly role: QueueRole;
  /** The consumer that the queue belongs to, as a tag. @default - none */
  readonly consumer?: string;
  /** How long a received message is hidden. @default - SQS's default, 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** Its dead-letter queue. @default - none: it is a failure queue itself */
  readonly deadLetterQueue?: DeadLetterQueue;
  /** Name of the only queue that may use this one as its dead-letter queue. @default - no queue may */
  readonly deadLettersOf?: string;
  /**
   * Whether to encrypt with SQS's own key although the deployment has a customer managed key. @default false
   */
  readonly isReadableWithoutCustomerKey?: boolean;
}

/**
 * How long a failure queue (dead-letter, undeliverable, unrouted) keeps its messages: SQS's maximum,
 * since a person has to look at them (SQS API reference, MessageRetentionPeriod).
 */
export const failureRetention = Duration.days(14);

/** A failure queue: nothing consumes its messages until a person redrives or purges them. */
export function createFailureQueue(
  scope: Construct,
  id: string,
  settings: Omit<QueueSettings, 'retention' | 'visibilityTimeout' | 'deadLetterQueue'>,
): Queue {
  const queue = createQueue(scope, id, { ...settings, retention: failureRetention });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'This is a failure queue: it needs no dead-letter queue of its own.',
    'Serverless-SQSRedrivePolicy': 'The same.',
  });
  return queue;
}

/** The maximum of SQS. The default is smaller in some partitions (SQS Developer Guide, "Message quotas"). */
const maxMessageSizeBytes = 1_048_576;

/** Creates a standard queue that is encrypted and accepts TLS only, as all queues of the stack. */
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

/**
 * The redrive allow policy. It names the source queue by ARN, since that queue already refers to this one and
 * a second reference would be circular.
 */
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
