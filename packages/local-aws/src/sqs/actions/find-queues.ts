import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { namesOnPage, readPage } from '../page.ts';
import { optionalString, requiredString } from '../request.ts';
import { queueDoesNotExist } from '../sqs-error.ts';

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
  // The one answer of SQS whose field starts in lower case.
  return { queueUrls: urlsOf(broker, names), ...next };
}

const urlsOf = (broker: Broker, names: readonly string[]) =>
  names.map((name) => broker.addresses.urlOf(name));
