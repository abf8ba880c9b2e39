import { computed, signal } from '@preact/signals';
import type { LiveUpdate } from '../../server/http/live.ts';
import type { Summary } from '../../server/journal/summary.ts';
import type { EventPage } from '../../server/routes/events.ts';
import { filter } from './address.ts';
import { get } from './api.ts';
import { reveal, showError } from './store.ts';

/** Rows in one request. */
const chunkSize = 100;

/** Number of the newest rows that are kept while the list follows new events. More do not fit on a screen. */
const maxTop = 200;

/** Whether the user has paused the list, and whether the user has scrolled away from its top. */
export const isPaused = signal(false);
export const isScrolled = signal(false);
export const isFollowing = computed(() => !isPaused.value && !isScrolled.value);

const head = signal(0);
export const total = signal(0);
/** Number of events that arrived since the list stopped. */
export const behind = signal(0);
/** The number of new events that are shown, and of those that arrived, while not all can be shown: "40 of 100". */
export const sampled = signal<{ readonly shown: number; readonly of: number } | undefined>(
  undefined,
);

/** Whether the list is being reloaded and still shows the old rows. */
export const isLoading = signal(false);

const top = signal<readonly Summary[]>([]);
const chunks = signal<ReadonlyMap<number, readonly Summary[]>>(new Map());
const requested = new Set<string>();
/** Incremented when the list is replaced, so that late responses for the old list are dropped. */
let generation = 0;
/** The visible rows, which are requested again if a request has failed. */
let visible = { first: 0, last: 0 };
/** For each request for rows, the updates that arrive before its response. */
const inFlight = new Set<LiveUpdate[]>();

/** Incremented when the list follows new events again. The stream of updates then begins with a new list. */
export const resumed = signal(0);

/** The event at an index of the list, the newest at 0; undefined until it is loaded. */
export function rowAt(index: number): Summary | undefined {
  const chunk = chunks.value.get(Math.floor(index / chunkSize));
  // The row that was shown while the list followed stays until the response arrives.
  return chunk?.[index % chunkSize] ?? top.value[index];
}

/** The index of an event in a list that moves; undefined if it stands still, or if the event is further down. */
export function indexOf(row: Summary | undefined): number | undefined {
  const index = !isFollowing.value ? -1 : top.value.findIndex(({ seq }) => seq === row?.seq);
  return index < 0 ? undefined : index;
}

/**
 * Reloads the list before the stream of updates begins. Returns the position from which the stream continues;
 * undefined when the list was replaced meanwhile.
 *
 * @throws when the server does not answer
 */
export async function reload(): Promise<Pick<EventPage, 'head' | 'changes'> | undefined> {
  generation += 1;
  const mine = generation;
  isLoading.value = true;
  try {
    const page = await get<EventPage>('events', {
      ...filter.value,
      limit: chunkSize,
      reveal: reveal.value,
    });
    if (mine !== generation) {
      return undefined;
    }
    head.value = page.head;
    total.value = page.total;
    behind.value = 0;
    sampled.value = undefined;
    top.value = page.items;
    chunks.value = new Map([[0, page.items]]);
    requested.clear();
    isLoading.value = false;
    return page;
  } catch (error) {
    if (mine === generation) {
      isLoading.value = false;
      throw error;
    }
    return undefined;
  }
}

/** Applies an update. */
export function takeUpdate(update: LiveUpdate): void {
  const { events, fresh, changed } = update;
  if (!isFollowing.value) {
    behind.value += fresh;
  } else if (fresh > 0) {
    addToTop(update);
    sampled.value = fresh > events.length ? { shown: events.length, of: fresh } : undefined;
  }
  if (changed.length > 0) {
    for (const updates of inFlight) {
      updates.push(update);
    }
    const patchRows = patchWith(changed);
    top.value = patchRows(top.value);
    const next = new Map([...chunks.value].map(([at, rows]) => [at, patchRows(rows)]));
    if ([...next].some(([at, rows]) => rows !== chunks.value.get(at))) {
      chunks.value = next;
    }
  }
  want(visible.first, visible.last);
}

/** Adds the new events of an update, and earlier events that match the filter only now. */
function addToTop({ events, fresh, head: newHead }: LiveUpdate): void {
  const known = new Set(events.map(({ seq }) => seq));
  const earlier = top.value.filter(({ seq }) => !known.has(seq));
  // An event that is older than all these rows belongs to a chunk.
  const oldest = total.value > top.value.length ? (top.value.at(-1)?.seq ?? 0) : 0;
  const added = events.filter(({ seq }) => seq >= oldest);
  head.value = newHead;
  total.value += fresh;
  top.value = [...added, ...earlier].sort((a, b) => b.seq - a.seq).slice(0, maxTop);
  // The places of the rows have changed: responses that are on their way do not fit any more.
  generation += 1;
  requested.clear();
  chunks.value = new Map();
}

/** Requests the visible rows that are not loaded yet. */
export function want(first: number, last: number): void {
  visible = { first, last };
  if (isFollowing.value && last < top.value.length && !sampled.value) {
    return;
  }
  for (let at = Math.floor(first / chunkSize); at <= Math.floor(last / chunkSize); at += 1) {
    const name = `${generation} ${head.value} ${at}`;
    if (chunks.value.has(at) || requested.has(name)) {
      continue;
    }
    if (isFollowing.value && at * chunkSize < top.value.length) {
      continue;
    }
    requested.add(name);
    void fetchChunk(at, head.value, generation).catch((error) => {
      requested.delete(name);
      showError(error);
    });
  }
}

/** @throws when the server does not answer */
async function fetchChunk(at: number, ofHead: number, mine: number): Promise<void> {
  const updates: LiveUpdate[] = [];
  inFlight.add(updates);
  try {
    const page = await get<EventPage>('events', {
      ...filter.value,
      head: ofHead,
      offset: at * chunkSize,
      limit: chunkSize,
      reveal: reveal.value,
    });
    if (mine !== generation || ofHead !== head.value) {
      return;
    }
    const newer = updates.filter(({ changes }) => changes > page.changes);
    const rows = newer.reduce((items, { changed }) => patchWith(changed)(items), page.items);
    chunks.value = new Map(chunks.value).set(at, rows);
  } finally {
    inFlight.delete(updates);
  }
}

/** Replaces the rows of events that have changed. */
function patchWith(changed: readonly Summary[]) {
  const bySeq = new Map(changed.map((summary) => [summary.seq, summary]));
  return (rows: readonly Summary[]) =>
    rows.some(({ seq }) => bySeq.has(seq)) ? rows.map((row) => bySeq.get(row.seq) ?? row) : rows;
}

/** Stops following new events: the list stays as it is, and loads its rows on demand. */
export function setScrolled(away: boolean): void {
  if (isScrolled.value === away) {
    return;
  }
  isScrolled.value = away;
  if (!isPaused.value) {
    stopOrFollow(!away);
  }
}

/** Pauses or resumes the list. */
export function setPaused(paused: boolean): void {
  if (isPaused.value === paused) {
    return;
  }
  isPaused.value = paused;
  if (!isScrolled.value) {
    stopOrFollow(!paused);
  }
}

function stopOrFollow(follow: boolean): void {
  if (follow) {
    resumed.value += 1;
  } else if (!isLoading.value) {
    // While it followed, some events may have been omitted: load all of them.
    generation += 1;
    requested.clear();
    chunks.value = new Map();
    behind.value = 0;
    sampled.value = undefined;
    want(0, chunkSize - 1);
  }
}
