import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
} from '@aws-sdk/client-sqs';
import { readArn } from './arn.ts';
import type { AwsAccess } from './connect.ts';
import { errorCode, isMissing } from './explain-error.ts';
import { inParallel } from './in-parallel.ts';
import type { Queue } from './pipeline.ts';

/** The queues at these URLs. Deleted queues are skipped. */
export async function findQueuesByUrl(
  access: AwsAccess,
  urls: readonly string[],
): Promise<readonly Queue[]> {
  return present(await inParallel(urls, (url) => describeQueue(access, url)));
}

/** The queues with these ARNs. Skips ARNs of other resources, deleted queues, and queues without read permission. */
export async function findQueuesByArn(
  access: AwsAccess,
  arns: readonly string[],
): Promise<readonly Queue[]> {
  const region = await access.sqs.config.region();
  const found = await inParallel(arns, async (text) => {
    const arn = readArn(text);
    // EventBridge and redrive policies reach queues of their own region only.
    if (arn?.service !== 'sqs' || arn.region !== region) {
      return undefined;
    }
    try {
      const { QueueUrl = '' } = await access.sqs.send(
        new GetQueueUrlCommand({ QueueName: arn.resource, QueueOwnerAWSAccountId: arn.account }),
      );
      return await describeQueue(access, QueueUrl);
    } catch (error) {
      if (isMissing(error) || isDenied(error)) {
        return undefined;
      }
      throw error;
    }
  });
  return present(found);
}

async function describeQueue({ sqs }: AwsAccess, url: string): Promise<Queue | undefined> {
  try {
    const [{ Attributes: attributes = {} }, tags] = await Promise.all([
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
      readTags({ sqs }, url),
    ]);
    const arn = attributes.QueueArn ?? '';
    return { name: readArn(arn)?.resource ?? url, url, arn, attributes, tags };
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Without permission to read tags, roles are derived from redrive policies and targets. */
async function readTags(
  { sqs }: Pick<AwsAccess, 'sqs'>,
  QueueUrl: string,
): Promise<Record<string, string>> {
  try {
    return (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {};
  } catch (error) {
    if (isDenied(error)) {
      return {};
    }
    throw error;
  }
}

const isDenied = (error: unknown) => /AccessDenied/.test(errorCode(error));

const present = (queues: readonly (Queue | undefined)[]) =>
  queues.filter((queue): queue is Queue => queue !== undefined);
