import type { Fact, StateReader } from './state-reader.ts';

/** Which sessions are read. */
export interface SessionChoice {
  /** Name of the session. @default - all */
  readonly session?: string;
}

/** Which page of a list to read. */
export interface PageOptions {
  readonly limit: number;
  /** Only what is before this place: the start of a time, or the `next` of the last page. */
  readonly before?: string;
}

/** A part of one or more lists, newest first. */
export interface Page<Of> {
  readonly entries: readonly (Fact & { readonly of: Of })[];
  /** Where the next page begins. Absent on the last one. */
  readonly next?: string;
}

/** Rows of one page, and where the next one begins. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/** Time and id, with which the sort key of an entry begins. */
const timeAndId = ({ sk }: Fact) => sk.split('#').slice(0, 2).join('#');

/**
 * The newest entries of several lists together. Entries at the same place stay on one page, so that
 * none is lost between two; the page may then be a little longer.
 *
 * @param placeOf the beginning of an entry's sort key that is its place
 */
export async function readPage<Of>(
  reader: StateReader,
  lists: readonly { readonly list: string; readonly of: Of }[],
  { limit, before }: PageOptions,
  placeOf: (entry: Fact) => string = timeAndId,
): Promise<Page<Of>> {
  const found = await Promise.all(
    lists.map(async ({ list, of }) => {
      const entries = await reader.newest(list, limit + 1, before);
      const last = entries[limit];
      // What stands at the place of the last entry may be more than was read.
      const rest = last ? await reader.partition(list, `${placeOf(last)}#`) : [];
      const known = new Set(entries.map(({ sk }) => sk));
      return [...entries, ...rest.filter(({ sk }) => !known.has(sk))].map((entry) => ({
        ...entry,
        of,
      }));
    }),
  );
  const all = found.flat().sort((a, b) => compare(b.sk, a.sk));
  const last = all[limit - 1];
  const place = last && placeOf(last);
  const entries = all.filter((entry, index) => index < limit || placeOf(entry) === place);
  return {
    entries,
    ...(entries.length < all.length && place !== undefined ? { next: place } : {}),
  };
}

/** Order of DynamoDB's sort keys: by bytes; those of a list begin with a time. */
export const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
