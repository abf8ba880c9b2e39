import type { Envelope } from '../../events/envelope.ts';
import { completeEvent, incompleteIn } from '../../events/identity/complete.ts';
import { type IdentityItem, identityRetentionDays } from '../../events/identity/identity-item.ts';
import { pairsIn, scopeOf } from '../../events/identity/learn.ts';
import { errorName, log } from '../runtime/log.ts';
import { identityReadMs, identityWriteMs } from './budget.ts';
import {
  distinctPairs,
  type IdentityTable,
  isFresh,
  isOutdated,
  isStored,
  keyOf,
  maxReads,
  type Place,
  pairOf,
  placesOf,
  replacedBy,
  type SeenPair,
  seenAt,
} from './identity-table.ts';

/** Number of addresses that one function instance caches, about 200 bytes each. */
const maxRemembered = 20_000;

/**
 * Milliseconds for which a function instance uses a cached item. For this time a changed number may still be
 * completed with the old one, and a deleted pair (`fanout identity forget`) may still be used. A missing item
 * is not cached, since another instance may learn it at any moment.
 */
const rememberedMs = 300_000;

type Items = ReadonlyMap<string, IdentityItem>;

/** One event, and the addresses to look up for it. */
interface Subject {
  readonly event: Envelope;
  /** The pairs that its body contains, as a list and by address. */
  readonly named: readonly SeenPair[];
  readonly known: ReadonlyMap<string, string>;
  /** The addresses whose other half the body does not contain, each with its cached item. */
  readonly open: readonly (Place & { readonly item: IdentityItem | undefined })[];
}

/** The identity lookups of one webhook. */
export interface IdentityLookup {
  /**
   * The events with completed addresses, in the same order. Waits for the table until `until` settles, and
   * {@link identityReadMs} longer. Without a response the events are returned as they are, marked with
   * `meta.identities`. Never rejects.
   */
  complete(until: Promise<unknown>): Promise<readonly Envelope[]>;
  /** Stores the pairs in the bodies that are new, changed or about to expire. Never rejects. */
  learn(): Promise<void>;
}

/**
 * The pairs of a phone number and a hidden id (LID) that belong to one person, in a table that is read
 * through a bounded cache. Each pair is two items, one for each direction.
 */
export class Identities {
  readonly #table: IdentityTable;
  readonly #now: () => number;
  readonly #remembered = new Map<
    string,
    { readonly item: IdentityItem; readonly readAt: number }
  >();

  /** @param now epoch milliseconds */
  constructor(table: IdentityTable, now: () => number = Date.now) {
    this.#table = table;
    this.#now = now;
  }

  /**
   * Starts to look up the missing addresses in the events of a webhook, with at most one BatchGetItem. There
   * is no call if nothing is missing or the cache has it.
   */
  lookUp(events: readonly Envelope[]): IdentityLookup {
    const subjects = events.map((event) => this.#subjectOf(event));
    const named = subjects.flatMap((subject) => subject.named);
    const unknown = subjects.flatMap(({ open }) => open.filter(({ item }) => !item));
    // If a call is made anyway, it also reads the items of the pairs to store.
    const unchecked =
      unknown.length === 0
        ? []
        : named.filter((pair) => !isStored(pair, this.#recall)).flatMap(placesOf);
    const places = distinct([...unknown, ...unchecked]).slice(0, maxReads);
    const reading = places.length === 0 ? undefined : this.#begin(places);
    let found: Items | undefined = reading ? undefined : new Map();
    const used: SeenPair[] = [];
    return {
      complete: async (until) => {
        if (reading) {
          const late = rejectAfter(until, reading.abort);
          try {
            found = await Promise.race([reading.items, late.rejected]);
          } catch (error) {
            log.warn('identities are unavailable', { error: errorName(error) });
          } finally {
            late.cancel();
          }
        }
        return subjects.map((subject) => complete(subject, found, used));
      },
      learn: async () => {
        if (!found) {
          // The table did not respond a moment ago, so the response to the sender does not wait for it again.
          return;
        }
        try {
          await this.#learn([...named, ...used], new Set(places.map(keyOf)), found);
        } catch (error) {
          log.warn('identities are not stored', { error: errorName(error) });
        }
      },
    };
  }

  #subjectOf(event: Envelope): Subject {
    const scope = scopeOf(event.meta);
    const named = pairsIn(event).map((pair) => ({ ...pair, scope, event, isNamed: true }));
    const known = new Map<string, string>();
    for (const { lid, phone } of named) {
      known.set(lid, phone).set(phone, lid);
    }
    const open = incompleteIn(event)
      .filter((address) => !known.has(address))
      .map((address) => ({ address, scope, item: this.#recall({ address, scope }) }));
    return { event, named, known, open };
  }

  /** The cached item of an address, unless it is too old. */
  readonly #recall = (place: Place): IdentityItem | undefined => {
    const key = keyOf(place);
    const entry = this.#remembered.get(key);
    if (entry && this.#now() - entry.readAt < rememberedMs) {
      return entry.item;
    }
    this.#remembered.delete(key);
    return undefined;
  };

  #remember(item: IdentityItem): void {
    const key = keyOf(item);
    // Behind all others, so that the first in the map is the oldest.
    this.#remembered.delete(key);
    this.#remembered.set(key, { item, readAt: this.#now() });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
  }

  /** @param asked keys of the items that were already read; `read` has those that exist */
  async #learn(seen: readonly SeenPair[], asked: ReadonlySet<string>, read: Items): Promise<void> {
    const pairs = distinctPairs(seen.filter((pair) => !isStored(pair, this.#recall)));
    if (pairs.length === 0) {
      return;
    }
    const signal = AbortSignal.timeout(identityWriteMs);
    const unread = pairs.flatMap(placesOf).filter((place) => !asked.has(keyOf(place)));
    const stored = new Map([...read, ...(await this.#read(distinct(unread), signal))]);
    const itemAt = (place: Place) => stored.get(keyOf(place));
    const changed = pairs.filter(
      (pair) => !isStored(pair, itemAt) && !isOutdated(pair, placesOf(pair).map(itemAt)),
    );
    const items = changed.flatMap((pair) => this.#itemsOf(pair, itemAt));
    await this.#table.put(items, signal);
    const replaced = changed.flatMap((pair) => replacedBy(pair, itemAt));
    for (const item of replaced) {
      this.#remembered.delete(keyOf(item));
    }
    await this.#table.remove(replaced, signal);
    for (const item of items) {
      this.#remember(item);
    }
  }

  /** Starts to read items. The result may never be awaited, so it does not reject unhandled. */
  #begin(places: readonly Place[]) {
    const abort = new AbortController();
    const items = this.#read(places, abort.signal);
    items.catch(() => {});
    return { items, abort };
  }

  /** Reads items and caches them. */
  async #read(places: readonly Place[], signal: AbortSignal): Promise<Items> {
    const items = await this.#table.get(places, signal);
    // DynamoDB removes expired items within days, not at once.
    const valid = items.filter(({ expiresAt }) => expiresAt * 1000 > this.#now());
    for (const item of valid) {
      this.#remember(item);
    }
    return new Map(valid.map((item) => [keyOf(item), item]));
  }

  /** The two items of a pair. Refreshing a pair keeps its `since`. */
  #itemsOf(pair: SeenPair, itemAt: (place: Place) => IdentityItem | undefined): IdentityItem[] {
    const { scope, event, lid, phone } = pair;
    const { session, account } = event.meta;
    const at = new Date(seenAt(event)).toISOString();
    return [
      [lid, phone],
      [phone, lid],
    ].map(([address = '', other = '']) => {
      const before = itemAt({ address, scope });
      return {
        ...{ address, scope, other, session },
        account: account?.phone ?? account?.lid ?? account?.id,
        since: before?.other === other ? before.since : at,
        seenAt: at,
        expiresAt: Math.ceil(this.#now() / 1000) + identityRetentionDays * 86_400,
      };
    });
  }
}

function distinct(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [keyOf(place), place])).values()];
}

/** Completes an event from its body, the cache and the table. Adds the pairs to refresh to `used`. */
function complete(subject: Subject, found: Items | undefined, used: SeenPair[]): Envelope {
  const { event, open } = subject;
  const known = new Map(subject.known);
  let isMissing = false;
  for (const { address, scope, item = found?.get(keyOf({ address, scope })) } of open) {
    isMissing ||= !item && !found;
    if (item) {
      known.set(address, item.other);
      if (!isFresh(item, event)) {
        used.push({ ...pairOf(item), scope, event, isNamed: false });
      }
    }
  }
  const completed = completeEvent(event, known);
  return isMissing
    ? ({ ...completed, meta: { ...completed.meta, identities: 'unavailable' } } as Envelope)
    : completed;
}

/** A promise that rejects some time after another has settled, and then aborts the call. */
function rejectAfter(until: Promise<unknown>, abort: AbortController) {
  let timer: NodeJS.Timeout | undefined;
  let isCancelled = false;
  const rejected = new Promise<never>((_, reject) => {
    const start = () => {
      if (isCancelled) {
        return;
      }
      timer = setTimeout(() => {
        reject(new DOMException('The table is late.', 'TimeoutError'));
        abort.abort();
      }, identityReadMs);
    };
    until.then(start, start);
  });
  const cancel = () => {
    isCancelled = true;
    clearTimeout(timer);
  };
  return { rejected, cancel };
}
