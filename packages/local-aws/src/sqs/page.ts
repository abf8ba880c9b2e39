import type { JsonObject } from '../aws-service.ts';
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
    after: token === undefined ? '' : decodeToken(token),
    limit: limit ?? maxResults,
    offersNext: limit !== undefined,
  };
}

/** Returns the page, and a token if one name more than the page holds was found. */
export function cutPage(names: readonly string[], page: Page) {
  const shown = names.slice(0, page.limit);
  const last = shown.at(-1);
  const next = page.offersNext && names.length > page.limit && last !== undefined;
  return { shown, next: next ? { NextToken: Buffer.from(last).toString('base64url') } : {} };
}

function decodeToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (/^[\w.-]{1,80}$/.test(name)) {
    return name;
  }
  throw invalidParameterValue(
    'Value for parameter NextToken is invalid. Reason: Invalid or expired next token.',
  );
}
