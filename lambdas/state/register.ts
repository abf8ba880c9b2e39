import type { BusType, EventOf, Meta } from '../../events/envelope.ts';
import { stateKey } from '../../events/state/state-keys.ts';

/** A value as the state table keeps it. */
export type Value =
  | string
  | number
  | boolean
  | undefined
  | readonly Value[]
  | { readonly [name: string]: Value };

/** Where a register is kept. */
export interface RegisterKey {
  readonly pk: string;
  readonly sk: string;
}

/**
 * One fact of the state, and one item of the table. All that is ever written to a register is
 * ordered by `stamp`, and the greatest (or the smallest) stays. That is what makes the state converge:
 * whatever the order and however often events come, the same events leave the same registers.
 */
export interface Register extends RegisterKey {
  /** `constant`: everybody writes the same, so that it need not be compared. */
  readonly keeps: 'latest' | 'earliest' | 'constant';
  readonly stamp: string;
  readonly data: { readonly [name: string]: Value };
  /** Place in one of the lists by time. @default - in none */
  readonly list?: { readonly partition: string; readonly sort: string };
  /** When the event came in, for what may be forgotten after the setting `stateDays`. @default - never */
  readonly receivedAt?: string;
}

/** What the events of each kind say. A kind that is not here says nothing. */
export type RegistersOf<Type extends BusType> = {
  readonly [T in Type]?: (event: EventOf<T>) => readonly Register[];
};

/** Ids are cut to this length in stamps; ours are shorter. */
const maxIdLength = 256;

/**
 * The place of an event among others: by when it happened; where two have the same time, as senders
 * report full seconds, by when they were received; and then by id, so that no two are equal.
 */
export function stampOf(meta: Meta): string {
  return `${meta.occurredAt}#${meta.receivedAt}#${String(meta.id).slice(0, maxIdLength)}`;
}

/** What one event says, each register once: of two values for one register the first counts. */
export function registersOf<Type extends BusType>(
  table: RegistersOf<Type>,
  event: EventOf<Type>,
): readonly Register[] {
  const read = Object.hasOwn(table, event.type)
    ? (table as { [type: string]: (event: unknown) => readonly Register[] })[event.type]
    : undefined;
  const byKey = new Map<string, Register>();
  for (const register of read?.(event) ?? []) {
    const key = JSON.stringify([register.pk, register.sk]);
    if (!byKey.has(key)) {
      byKey.set(key, register);
    }
  }
  return [...byKey.values()];
}

/** A register of which the latest value stays. */
export function latest(key: RegisterKey, meta: Meta, data: Register['data']): Register {
  return { ...key, keeps: 'latest', stamp: stampOf(meta), data };
}

/** A register of which the earliest value stays; it may be forgotten after `stateDays`. */
export function earliest(key: RegisterKey, meta: Meta, data: Register['data']): Register {
  const { receivedAt } = meta;
  return { ...key, keeps: 'earliest', stamp: stampOf(meta), data, receivedAt };
}

/** The name of a session, in the list `pk` of those of which something is known. */
export function knownSession(pk: string, session: string): Register {
  return { pk, sk: stateKey(session), keeps: 'constant', stamp: '', data: { session } };
}

/**
 * Characters of a message's text at most: what WhatsApp itself allows. At three bytes each it leaves
 * half of the 400 KB of an item for the rest (DynamoDB Developer Guide, "Quotas").
 */
export const maxTextLength = 65_536;

/** Characters of the text before an edit, which stands beside the one after it. */
export const maxPreviousTextLength = 16_384;

/** Characters of a text that is no message: names, addresses, links. */
const maxNameLength = 2_048;

/** Characters of all texts in one value together. */
const maxCharacters = 8_192;

/** Entries of a list at most, and fields of an object. */
const maxEntries = 100;

/** Deeper values are omitted; the deepest that is kept, a message's media in S3, has two levels. */
const maxDepth = 3;

/** Untrusted text, cut to a length between characters. */
export function cut(text: string, length = maxNameLength): string {
  return text.slice(0, length).toWellFormed();
}

/** Data of an event as the state keeps it: bounded, and without what is undefined. */
export function bounded(value: unknown): Value {
  return boundedWithin({ remaining: maxCharacters }, value, 0);
}

/** Whether DynamoDB takes a number (Developer Guide, "Supported data types: Number"). */
function isStorable(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-130 && size < 1e126);
}

/** Characters that may still be taken. */
interface Budget {
  remaining: number;
}

function boundedWithin(budget: Budget, value: unknown, depth: number): Value {
  if (typeof value === 'string') {
    return take(budget, value);
  }
  if (typeof value === 'number') {
    return isStorable(value) ? value : undefined;
  }
  if (typeof value === 'boolean') {
    return value;
  }
  if (typeof value !== 'object' || value === null || depth >= maxDepth) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value
      .slice(0, maxEntries)
      .map((each) => boundedWithin(budget, each, depth + 1))
      .filter((each) => each !== undefined);
  }
  const entries = Object.entries(value)
    .slice(0, maxEntries)
    .map(([name, each]) => [take(budget, name), boundedWithin(budget, each, depth + 1)] as const)
    .filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries);
}

function take(budget: Budget, text: string): string {
  const taken = cut(text, Math.min(maxNameLength, budget.remaining));
  budget.remaining -= taken.length;
  return taken;
}
