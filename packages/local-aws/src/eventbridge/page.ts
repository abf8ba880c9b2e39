import type { JsonObject } from '../aws-service.ts';
import { cutPage, readPageToken } from '../page.ts';
import { validationError } from './eventbridge-error.ts';
import { optionalInteger, optionalText } from './request.ts';
import type { Slice } from './resources/resource-table.ts';

/** API reference, `Limit` of the List actions. */
const maxResults = 100;
const maxTokenLength = 2048;

/** Reads `Limit`, `NextToken` and `NamePrefix`. */
export function readSlice(input: JsonObject): Slice {
  const limit = optionalInteger(input, 'Limit', 1, maxResults) ?? maxResults;
  const token = optionalText(input, 'NextToken', { max: maxTokenLength });
  const prefix = optionalText(input, 'NamePrefix', { max: 256 }) ?? '';
  // One item more than the page holds shows whether there is another page.
  return { prefix, after: token === undefined ? '' : readToken(token), limit: limit + 1 };
}

/** A page of a resource table's items, which were found by `slice`, and the token of the next page. */
export function pageOfFound<Item>(
  found: readonly Item[],
  slice: Slice,
  nameOf: (item: Item) => string,
): { readonly shown: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const { items, nextToken } = cutPage(found, slice.limit - 1, nameOf);
  return { shown: items, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

/** A page of items that were filtered after they were read. */
export function pageOf<Item>(items: readonly Item[], slice: Slice, nameOf: (item: Item) => string) {
  const rest = items.filter((item) => {
    const name = nameOf(item);
    return name > slice.after && name.startsWith(slice.prefix);
  });
  return pageOfFound(rest.slice(0, slice.limit), slice, nameOf);
}

function readToken(token: string): string {
  const name = readPageToken(token);
  if (name === undefined) {
    throw validationError('Invalid or expired NextToken.');
  }
  return name;
}
