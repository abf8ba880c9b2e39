import { setTimeout } from 'node:timers/promises';
import { AwsError, type JsonObject } from '../aws-service.ts';
import type { LocalServices } from '../services.ts';
import {
  type Properties,
  physicalName,
  type ResourceContext,
  type ResourceType,
} from './resource-type.ts';

/** AWS::SQS::Queue */
export const queue: ResourceType = {
  async create(properties, context) {
    const { sqs } = context.services;
    const name = queueName(properties, context);
    const attributes = attributesOf(properties);
    const url = await findQueue(name, context);
    if (url) {
      const Attributes = { ...defaultAttributes, ...attributes };
      await sqs.call('SetQueueAttributes', { QueueUrl: url, Attributes });
    } else {
      const tags = tagsOf(properties);
      await createQueue({ QueueName: name, Attributes: attributes, tags }, context);
    }
    const arn = `arn:aws:sqs:${context.region}:${context.accountId}:${name}`;
    const ref = sqs.urlOf(arn);
    // The URL changes with the port.
    return {
      ref,
      physicalId: name,
      attributes: { Arn: arn, QueueName: name, QueueUrl: ref },
    };
  },
  async remove(name, { services: { sqs }, region, accountId }) {
    const QueueUrl = await findQueue(name, { services: { sqs } });
    if (!QueueUrl) {
      return undefined;
    }
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    if (sqs.peek(arn, 1).length > 0) {
      return `it holds messages. Receive them, or drop them: aws sqs purge-queue --queue-url ${QueueUrl}`;
    }
    const { queueUrls } = await sqs.call('ListDeadLetterSourceQueues', { QueueUrl });
    if ((queueUrls as unknown[]).length > 0) {
      return 'it is the dead-letter queue of another queue';
    }
    await sqs.call('DeleteQueue', { QueueUrl });
    return undefined;
  },
};

/** SQS keeps the name of a deleted queue for 60 seconds (API reference, CreateQueue). */
async function createQueue(input: JsonObject, { services }: ResourceContext): Promise<void> {
  for (let second = 0; ; second += 1) {
    try {
      await services.sqs.call('CreateQueue', input);
      return;
    } catch (error) {
      const isTooSoon = error instanceof AwsError && error.code === 'QueueDeletedRecently';
      if (!isTooSoon || second > 60) {
        throw error;
      }
      await setTimeout(1_000);
    }
  }
}

/**
 * The default of an attribute, to which it returns when the template no longer has it (SQS API
 * reference, CreateQueue).
 */
const defaultAttributes: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  RedrivePolicy: '',
  RedriveAllowPolicy: '',
};

/** AWS::SQS::QueuePolicy: stored with the queue; not enforced locally. */
export const queuePolicy: ResourceType = {
  async create({ PolicyDocument, Queues }, { services, logicalId }) {
    for (const QueueUrl of (Queues ?? []) as string[]) {
      await services.sqs.call('SetQueueAttributes', {
        QueueUrl,
        Attributes: { Policy: JSON.stringify(PolicyDocument) },
      });
    }
    return { ref: logicalId };
  },
};

/** Template properties whose values are the API's attributes of the same name. */
const attributeNames = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
  'RedrivePolicy',
  'RedriveAllowPolicy',
] as const;

function attributesOf(properties: Properties): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of attributeNames) {
    const value = properties[name];
    if (value === undefined) {
      continue;
    }
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  if (String(properties.FifoQueue) === 'true') {
    attributes.FifoQueue = 'true';
  }
  return attributes;
}

async function findQueue(
  name: string,
  { services }: { readonly services: Pick<LocalServices, 'sqs'> },
): Promise<string | undefined> {
  try {
    const { QueueUrl } = await services.sqs.call('GetQueueUrl', { QueueName: name });
    return QueueUrl as string;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'QueueDoesNotExist') {
      return undefined;
    }
    throw error;
  }
}

const tagsOf = ({ Tags }: Properties): Record<string, string> =>
  Object.fromEntries(
    ((Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
  );

function queueName({ QueueName, FifoQueue }: Properties, context: ResourceContext): string {
  if (typeof QueueName === 'string') {
    return QueueName;
  }
  return String(FifoQueue) === 'true'
    ? `${physicalName(context, 75)}.fifo`
    : physicalName(context, 80);
}
