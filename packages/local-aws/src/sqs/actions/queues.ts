import { cutPage, type JsonObject, readPageToken } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { isFifoName, type Queue } from '../queues/queue-addresses.ts';
import { attributeOf, mergeAttributes, readAttributes } from '../queues/queue-attributes.ts';
import {
  integerWithin,
  optionalString,
  requiredString,
  stringEntries,
  stringList,
} from '../request.ts';
import {
  invalidParameterValue,
  missingParameter,
  purgeQueueInProgress,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
} from '../sqs-error.ts';
import { checkRedrive } from './queue-attributes.ts';

const namePattern = /^[\w-]{1,80}$/;
const fifoName = /^[\w-]{1,75}\.fifo$/;

/** Creates a queue, or returns the URL of the one that exists with the same attributes. */
export function createQueue(broker: Broker, input: JsonObject): JsonObject {
  const given = stringEntries(input, 'Attributes');
  const name = optionalString(input, 'QueueName') ?? '';
  checkName(
    name,
    given.some(([key, value]) => key === 'FifoQueue' && value === 'true'),
  );
  const attributes = readAttributes(given, isFifoName(name));
  const tags = readTags(input, 'tags');
  return broker.store.transaction(() => {
    const existing = broker.queues.find(name);
    if (existing) {
      checkSame(existing, attributes);
    } else {
      insert(broker, name, attributes, tags);
    }
    return { QueueUrl: broker.addresses.urlOf(name) };
  });
}

function checkName(name: string, fifo: boolean): void {
  if (name === '') {
    throw invalidParameterValue('Queue name cannot be empty');
  }
  if (fifo && !fifoName.test(name)) {
    throw invalidParameterValue(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (!fifo && !namePattern.test(name)) {
    throw invalidParameterValue(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

/** Only attributes that the request names are compared, with the values in force. */
function checkSame(existing: Queue, given: ReadonlyMap<string, string>): void {
  for (const [name, value] of given) {
    if (canonical(attributeOf(existing, name) ?? '') !== canonical(value)) {
      throw queueNameExists(name);
    }
  }
}

/** Policies are compared as JSON, not by their spaces and the order of their keys. */
function canonical(value: string): string {
  try {
    return JSON.stringify(sortKeys(JSON.parse(value)));
  } catch {
    return value;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function insert(
  broker: Broker,
  name: string,
  given: ReadonlyMap<string, string>,
  tags: ReadonlyMap<string, string>,
): void {
  const now = broker.now();
  const deletedAt = broker.queues.deletedAt(name);
  const seconds = broker.nameReservedSeconds;
  if (deletedAt !== undefined && now - deletedAt < seconds * 1000) {
    throw queueDeletedRecently(seconds);
  }
  checkRedrive(broker, name, given);
  broker.queues.insert(name, mergeAttributes(new Map(), given), tags, now);
}

/** Deletes a queue and its messages. Waiting receivers get the error `QueueDoesNotExist`. */
export function deleteQueue(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    broker.empty(queue);
    broker.queues.delete(queue, broker.now());
    broker.receivers.wake(queue.id);
  });
  return {};
}

/** API reference, PurgeQueueInProgress. */
const betweenPurgesMs = 60_000;

/** Deletes all messages of a queue, those in flight and delayed included. */
export function purgeQueue(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const now = broker.now();
    if (queue.purgedAt !== undefined && now - queue.purgedAt < betweenPurgesMs) {
      throw purgeQueueInProgress(queue.name);
    }
    broker.empty(queue);
    broker.queues.setPurged(queue, now);
  });
  return {};
}

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

export function getQueueUrl(broker: Broker, input: JsonObject): JsonObject {
  const name = requiredString(input, 'QueueName');
  const owner = optionalString(input, 'QueueOwnerAWSAccountId') ?? broker.accountId;
  if (owner !== broker.accountId || !broker.queues.find(name)) {
    throw queueDoesNotExist();
  }
  return { QueueUrl: broker.addresses.urlOf(name) };
}

export function listQueues(broker: Broker, input: JsonObject): JsonObject {
  const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
  const page = readPage(input);
  const { names, next } = namesOnPage(broker.queues.list(prefix, page.after, page.limit + 1), page);
  return { ...(names.length > 0 && { QueueUrls: urlsOf(broker, names) }), ...next };
}

export function listDeadLetterSourceQueues(broker: Broker, input: JsonObject): JsonObject {
  const { arn } = broker.queues.byUrl(requiredString(input, 'QueueUrl'));
  const page = readPage(input);
  const { names, next } = namesOnPage(
    broker.queues.sourcesOf(arn, page.after, page.limit + 1),
    page,
  );
  // This is the only response field of SQS that starts in lower case.
  return { queueUrls: urlsOf(broker, names), ...next };
}

const urlsOf = (broker: Broker, names: readonly string[]) =>
  names.map((name) => broker.addresses.urlOf(name));

/** Maximum number of names in one response (API reference, ListQueues). */
const maxResults = 1000;

export interface Page {
  /** The last name of the previous page. */
  readonly after: string;
  readonly limit: number;
  /**
   * A token for the next page is returned only when the request has a page size (API reference,
   * ListQueues).
   */
  readonly offersNext: boolean;
}

export function readPage(input: JsonObject): Page {
  const limit = integerWithin(input, 'MaxResults', 1, maxResults);
  const token = optionalString(input, 'NextToken');
  if (token !== undefined && limit === undefined) {
    throw invalidParameterValue(
      'MaxResults is a mandatory parameter when you provide a value for NextToken.',
    );
  }
  return {
    after: token === undefined ? '' : readToken(token),
    limit: limit ?? maxResults,
    offersNext: limit !== undefined,
  };
}

/** The names of a page, and `NextToken` if one name more than the page holds was found. */
function namesOnPage(found: readonly string[], page: Page) {
  const { items, nextToken } = cutPage(found, page.limit, (name) => name);
  return { names: items, next: page.offersNext && nextToken ? { NextToken: nextToken } : {} };
}

function readToken(token: string): string {
  const name = readPageToken(token);
  if (name === undefined) {
    throw invalidParameterValue(
      'Value for parameter NextToken is invalid. Reason: Invalid or expired next token.',
    );
  }
  return name;
}
