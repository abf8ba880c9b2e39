import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { requiredString, stringEntries, stringList } from '../request.ts';
import { invalidParameterValue, missingParameter } from '../sqs-error.ts';

/** Developer guide, "Amazon SQS queue quotas": 50 tags; keys of 128 and values of 256 characters. */
const maxTags = 50;

export function readTags(input: JsonObject, field: string): ReadonlyMap<string, string> {
  const tags = new Map(stringEntries(input, field));
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128 || value.length > 256) {
      throw invalidParameterValue(
        'Tag keys must be between 1 and 128 characters in length, tag values at most 256.',
      );
    }
  }
  if (tags.size > maxTags) {
    throw tooManyTags();
  }
  return tags;
}

export function tagQueue(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const added = readTags(input, 'Tags');
  if (added.size === 0) {
    throw missingParameter('Tags');
  }
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const tags = new Map([...queue.tags, ...added]);
    if (tags.size > maxTags) {
      throw tooManyTags();
    }
    broker.queues.setTags(queue, tags);
  });
  return {};
}

/** Keys that the queue does not have are ignored. */
export function untagQueue(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const removed = stringList(input, 'TagKeys');
  if (removed.length === 0) {
    throw missingParameter('TagKeys');
  }
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const tags = new Map(queue.tags);
    for (const key of removed) {
      tags.delete(key);
    }
    broker.queues.setTags(queue, tags);
  });
  return {};
}

export function listQueueTags(broker: Broker, input: JsonObject): JsonObject {
  const { tags } = broker.queues.byUrl(requiredString(input, 'QueueUrl'));
  return tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {};
}

const tooManyTags = () =>
  invalidParameterValue(`Too many tags. A queue can have at most ${maxTags}.`);
