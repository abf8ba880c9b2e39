import { AwsError } from '../aws-service.ts';
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
    if (url) await sqs.call('SetQueueAttributes', { QueueUrl: url, Attributes: attributes });
    else
      await sqs.call('CreateQueue', {
        QueueName: name,
        Attributes: attributes,
        tags: tagsOf(properties),
      });
    const arn = `arn:aws:sqs:${context.region}:${context.accountId}:${name}`;
    const ref = sqs.urlOf(arn);
    return { ref, attributes: { Arn: arn, QueueName: name, QueueUrl: ref } };
  },
};

/** AWS::SQS::QueuePolicy: kept with the queue; nobody is refused locally. */
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
    if (value === undefined) continue;
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  if (String(properties.FifoQueue) === 'true') attributes.FifoQueue = 'true';
  return attributes;
}

async function findQueue(name: string, { services }: ResourceContext): Promise<string | undefined> {
  try {
    const { QueueUrl } = await services.sqs.call('GetQueueUrl', { QueueName: name });
    return QueueUrl as string;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'QueueDoesNotExist') return undefined;
    throw error;
  }
}

const tagsOf = ({ Tags }: Properties): Record<string, string> =>
  Object.fromEntries(
    ((Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
  );

function queueName({ QueueName, FifoQueue }: Properties, context: ResourceContext): string {
  if (typeof QueueName === 'string') return QueueName;
  return String(FifoQueue) === 'true'
    ? `${physicalName(context, 75)}.fifo`
    : physicalName(context, 80);
}
