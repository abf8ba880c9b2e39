import type { JsonObject } from '../aws-service.ts';
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
  return { prefix, after: token === undefined ? '' : decodeToken(token), limit: limit + 1 };
}

/** The page's items and, when there are more, the token of the next page. */
export function cutPage<Item>(
  items: readonly Item[],
  slice: Slice,
  nameOf: (item: Item) => string,
): { readonly shown: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const shown = items.slice(0, slice.limit - 1);
  const last = shown.at(-1);
  const hasMore = items.length > shown.length && last !== undefined;
  const next = hasMore ? { NextToken: Buffer.from(nameOf(last)).toString('base64url') } : {};
  return { shown, next };
}

/** Pages through items that are not kept by name, in their order. */
export function pageOf<Item>(items: readonly Item[], slice: Slice, nameOf: (item: Item) => string) {
  const rest = items.filter((item) => {
    const name = nameOf(item);
    return name > slice.after && name.startsWith(slice.prefix);
  });
  return cutPage(rest.slice(0, slice.limit), slice, nameOf);
}

function decodeToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (name !== '' && Buffer.from(name).toString('base64url') === token) {
    return name;
  }
  throw validationError('Invalid or expired NextToken.');
}
