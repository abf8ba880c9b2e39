import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Envelope, Meta } from '../../events/envelope.ts';
import { fingerprint } from '../../events/fingerprint.ts';
import { ingestMetrics } from '../../events/names.ts';
import { isConditionFailed } from '../runtime/classify-error.ts';
import { count } from '../runtime/count.ts';

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
    const expiresAt = nowSeconds + ledgerHours * 3_600;
    const item = marshall({ id, type, fingerprint, expiresAt });
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

/** The ledger's table in DynamoDB: one read and at most one write for each event. */
export function ledgerTable(client: () => DynamoDBClient, TableName: string): LedgerTable {
  return {
    async get(id) {
      const { Item } = await client().send(
        new GetItemCommand({ TableName, Key: marshall({ id }), ConsistentRead: true }),
      );
      return Item;
    },
    async putNew(Item, nowSeconds) {
      try {
        await client().send(
          new PutItemCommand({
            TableName,
            Item,
            ConditionExpression: 'attribute_not_exists(id) OR expiresAt <= :now',
            ExpressionAttributeValues: marshall({ ':now': nowSeconds }),
          }),
        );
        return true;
      } catch (error) {
        // Also where the response to the first write was lost: nothing but a count depends on it.
        if (isConditionFailed(error)) return false;
        throw error;
      }
    },
  };
}

/** Which events are looked up, and where. */
export interface Deduplication {
  /** @default - duplicates are not looked for */
  readonly ledger?: Ledger | undefined;
  /** Whether duplicates of a type are looked for. */
  readonly isDeduplicated: (type: string) => boolean;
}

/** What is known of an event before it is published. */
export interface LookedUp {
  /** `unchecked`: this stage does not look for duplicates of this type. */
  readonly verdict: Verdict | { readonly kind: 'unchecked' };
  /** What the ledger was asked for, and notes. @default - it was not asked */
  readonly entry?: LedgerEntry;
}

/** Looks up whether an event's fact was published before. */
export async function lookUp(
  { meta, data }: Envelope,
  { ledger, isDeduplicated }: Deduplication,
): Promise<LookedUp> {
  if (!ledger || !isDeduplicated(meta.type)) return { verdict: { kind: 'unchecked' } };
  const entry = { id: meta.id, type: meta.type, fingerprint: fingerprint(data) };
  return { verdict: await ledger.judge(entry), entry };
}

/** The `meta` fields that tell consumers of the result; none for a new event. */
export function marksOf(
  verdict: LookedUp['verdict'],
): Partial<Pick<Meta, 'twinOf' | 'conflict' | 'ledger'>> {
  switch (verdict.kind) {
    case 'twin':
      return { twinOf: verdict.of };
    case 'conflict':
      return { conflict: true };
    case 'unavailable':
      return { ledger: 'unavailable' };
    default:
      return {};
  }
}

/** Notes in the ledger what was new and is now safe. */
export async function noteAll(
  events: readonly { readonly verdict: { readonly kind: string }; readonly entry?: LedgerEntry }[],
  { ledger }: Deduplication,
): Promise<void> {
  await Promise.all(
    events.map(async ({ verdict, entry }) => {
      if (!ledger || !entry || verdict.kind !== 'new') return;
      const result = await ledger.note(entry);
      // Two requests with one fact at the same time: both are on the bus, under the same id.
      if (result === 'late') count(ingestMetrics.toldAgain, 1, { Verdict: 'published-twice' });
      if (result === 'unavailable') count(ingestMetrics.notNoted);
    }),
  );
}
