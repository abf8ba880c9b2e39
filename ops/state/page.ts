import type { Entry, StateReader } from './state-reader.ts';

/** Which sessions are read. */
export interface SessionChoice {
  /** Name of the session. @default - all */
  readonly session?: string;
}

/** Which page of a list to read. */
export interface PageOptions {
  readonly limit: number;
  /** Only what is before this place: the start of a time, or what the last page has named. */
  readonly before?: string;
}

/** A part of one or more lists, newest first. */
export interface Page<Of> {
  readonly entries: readonly (Entry & { readonly of: Of })[];
  /** Where the next page begins. Absent on the last one. */
  readonly next?: string;
}

/** Rows of one page, and where the next one begins. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/**
 * The newest entries of several lists together. Entries at the same place stay on one page, so that
 * none is lost between two; the page may then be a little longer.
 */
export async function readPage<Of>(
  reader: StateReader,
  lists: readonly { readonly list: string; readonly of: Of }[],
  { limit, before }: PageOptions,
): Promise<Page<Of>> {
  const found = await Promise.all(
    lists.map(async ({ list, of }) => {
      const entries = await reader.newest(list, limit + 1, before);
      return entries.map((entry) => ({ ...entry, of }));
    }),
  );
  const all = found.flat().sort((a, b) => compare(b.sort, a.sort));
  const last = all[limit - 1]?.sort;
  const entries = all.filter(({ sort }, index) => index < limit || sort === last);
  return { entries, ...(entries.length < all.length && last !== undefined ? { next: last } : {}) };
}

/** Order of DynamoDB's sort keys: by bytes; those of a list begin with a time. */
export const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
