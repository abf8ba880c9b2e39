/**
 * Cuts the items of a page from items that were found in order of their names: one item more than
 * `limit` shows that there is another page. `nextToken` is then the name of the page's last item, in
 * Base64.
 */
export function cutPage<Item>(
  found: readonly Item[],
  limit: number,
  nameOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly nextToken?: string } {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items,
    ...(last !== undefined && { nextToken: Buffer.from(nameOf(last)).toString('base64url') }),
  };
}

/** The name in a token that {@link cutPage} returned; undefined for any other text. */
export function readPageToken(token: string): string | undefined {
  const name = Buffer.from(token, 'base64url').toString();
  const isIntact = name !== '' && Buffer.from(name).toString('base64url') === token;
  return isIntact ? name : undefined;
}
