import type { JsonObject } from '../aws-service.ts';
import { cutPage, readPageToken } from '../page.ts';
import { integerWithin, optionalString } from './request.ts';
import { invalidParameterValue } from './sqs-error.ts';

/** API reference, ListQueues: at most this many in one answer. */
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
export function namesOnPage(found: readonly string[], page: Page) {
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
