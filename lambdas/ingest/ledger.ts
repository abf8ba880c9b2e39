import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** The two calls that the ledger makes of DynamoDB: the SDK's, or a test's stand-in. */
export interface LedgerTable {
  /** The item with this id, read consistently. */
  get(id: string): Promise<Record<string, AttributeValue> | undefined>;
  /** Writes an item unless there is one with its id that has not expired. False when there is. */
  putNew(item: Record<string, AttributeValue>, nowSeconds: number): Promise<boolean>;
}

/** One fact that has been published. */
export interface LedgerEntry {
  readonly id: string;
  readonly type: string;
  /** Hash of what the fact says. */
  readonly fingerprint: string;
}

/** What the ledger knows of a fact that is about to be published. */
export type Verdict =
  /** It was not told before. */
  | { readonly kind: 'new' }
  /** It was, in the same kind and with the same content. */
  | { readonly kind: 'duplicate' }
  /** It was, as another kind: `message` and `message.any` tell of the same message. */
  | { readonly kind: 'twin'; readonly of: string }
  /** Its key was, with other content. */
  | { readonly kind: 'conflict' }
  /** The ledger does not answer. */
  | { readonly kind: 'unavailable' };

/**
 * Hours after which a fact may be told again. The longest retry horizon of a sender is WAHA's
 * exponential policy: 15 retries of 2 s · 2^n with up to 20 % of jitter, about 44 hours.
 */
export const ledgerHours = 48;

/** Remembers what was published, so that a fact that is told again is noticed. */
export class Ledger {
  readonly #table: LedgerTable;
  readonly #now: () => number;

  constructor(table: LedgerTable, now: () => number = Date.now) {
    this.#table = table;
    this.#now = now;
  }

  /** Looks a fact up. Never throws: without an answer the event has to pass. */
  async judge({ id, type, fingerprint }: LedgerEntry): Promise<Verdict> {
    let item: Record<string, AttributeValue> | undefined;
    try {
      item = await this.#table.get(id);
    } catch {
      return { kind: 'unavailable' };
    }
    // DynamoDB removes expired items within days, not at once (Developer Guide, "Time to Live").
    if (!item || Number(item.expiresAt?.N) <= this.#nowSeconds()) return { kind: 'new' };
    if (item.fingerprint?.S !== fingerprint) return { kind: 'conflict' };
    const of = item.type?.S ?? type;
    return of === type ? { kind: 'duplicate' } : { kind: 'twin', of };
  }

  /**
   * Notes a fact that the bus has taken: after, never before, so that whatever ends the function in
   * between leads to a second delivery and not to a loss. Never throws.
   *
   * @returns `noted`; `late` when another request noted it first; `unavailable`
   */
  async note({ id, type, fingerprint }: LedgerEntry): Promise<'noted' | 'late' | 'unavailable'> {
    const nowSeconds = this.#nowSeconds();
    const item = {
      id: { S: id },
      type: { S: type },
      fingerprint: { S: fingerprint },
      expiresAt: { N: String(nowSeconds + ledgerHours * 3_600) },
    };
    try {
      return (await this.#table.putNew(item, nowSeconds)) ? 'noted' : 'late';
    } catch {
      return 'unavailable';
    }
  }

  #nowSeconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}
