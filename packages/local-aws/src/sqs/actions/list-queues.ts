import type { JsonObject } from '../../aws-service.ts';
import { cutPage, readPageToken } from '../../page.ts';
import type { Broker } from '../broker.ts';
import { integerWithin, optionalString, requiredString } from '../request.ts';
import { invalidParameterValue, queueDoesNotExist } from '../sqs-error.ts';

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
