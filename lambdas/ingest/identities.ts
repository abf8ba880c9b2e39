import type { Envelope } from '../../events/envelope.ts';
import { completeEvent, incompleteIn } from '../../events/identity/complete.ts';
import { type IdentityItem, identityRetentionDays } from '../../events/identity/identity-item.ts';
import { pairsIn, scopeOf } from '../../events/identity/learn.ts';
import { errorName, log } from '../runtime/log.ts';
import { identityReadMs, identityWriteMs } from './budget.ts';
import { type IdentityTable, maxReads, type Place } from './identity-table.ts';
import {
  distinctPairs,
  isFresh,
  isOutdated,
  isStored,
  keyOf,
  pairOf,
  placesOf,
  replacedBy,
  type SeenPair,
  seenAt,
} from './seen-pair.ts';

/** Addresses that a function remembers, about 200 bytes each. */
const maxRemembered = 20_000;

/**
 * Milliseconds for which a function uses what it has read: so long a changed number may be
 * completed as before, and a pair that was deleted (`fanout identity forget`) may be used. What is not
 * known is never remembered: another instance may learn it at any moment.
 */
const rememberedMs = 300_000;

type Items = ReadonlyMap<string, IdentityItem>;

/** One event, and what is to be found out for it. */
interface Subject {
  readonly event: Envelope;
  /** Pairs that its body names, and the same by address. */
  readonly named: readonly SeenPair[];
  readonly known: ReadonlyMap<string, string>;
  /** Addresses whose other half the body does not name, each with what the cache has of it. */
  readonly open: readonly (Place & { readonly item: IdentityItem | undefined })[];
}

/** What one webhook has to do with identities. */
export interface IdentityLookup {
  /**
   * The events with their addresses completed, in the same order. Waits for the table as long as
   * `until`, and then a little ({@link identityReadMs}); without its answer they stay as they are, marked. Never
   * rejects.
   */
  complete(until: Promise<unknown>): Promise<readonly Envelope[]>;
  /** Stores the pairs that the bodies name and that are new, changed or about to expire. Never rejects. */
  learn(): Promise<void>;
}

/**
 * Who is who: the table of pairs of a phone number and a LID, read through a bounded cache. Each pair is two
 * items, one for each direction.
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
   * Begins to look up what the events of a webhook leave open: one BatchGetItem at most, and none where
   * they leave nothing open or the cache knows it.
   */
  lookUp(events: readonly Envelope[]): IdentityLookup {
    const subjects = events.map((event) => this.#subjectOf(event));
    const named = subjects.flatMap((subject) => subject.named);
    const unknown = subjects.flatMap(({ open }) => open.filter(({ item }) => !item));
    // What is to be stored is looked up with it, where a call is made anyway.
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
          // The table has not answered a moment ago: the answer to the sender does not wait for it again.
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

  /** What the cache has of an address. */
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

  /** @param asked keys of the places that were looked up before completion, and of which `read` is what is there */
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

  /** Begins to read items; nobody may ever wait for them. */
  #begin(places: readonly Place[]) {
    const abort = new AbortController();
    const items = this.#read(places, abort.signal);
    items.catch(() => {});
    return { items, abort };
  }

  /** Reads items, and remembers them. */
  async #read(places: readonly Place[], signal: AbortSignal): Promise<Items> {
    const items = await this.#table.get(places, signal);
    // DynamoDB removes what has expired within days, not at once.
    const valid = items.filter(({ expiresAt }) => expiresAt * 1000 > this.#now());
    for (const item of valid) {
      this.#remember(item);
    }
    return new Map(valid.map((item) => [keyOf(item), item]));
  }

  /** The two items of a pair. `since` stays where the pair is only refreshed. */
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

/** The event with what its body, the cache and the table know. A pair that is to be refreshed is added to `used`. */
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

/** A promise that rejects a while after another has settled, and aborts what it was for. */
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
