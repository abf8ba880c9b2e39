import type { BusType, EventOf, Meta } from '../../events/envelope.ts';
import {
  type aliasConsumers,
  stateKey,
  stateKeys,
  unnamedSession,
} from '../../events/state/state-keys.ts';

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
 * A last-write-wins register: one fact of the state, and one item of the table. All values that are ever
 * written to a register are ordered by `version`, and the greatest (or the smallest) is kept. The state
 * therefore converges: the same events leave the same registers, in whatever order and however often
 * they arrive.
 */
export interface Register extends RegisterKey {
  readonly keeps: 'latest' | 'earliest';
  readonly version: string;
  readonly data: { readonly [name: string]: Value };
  /** When the event was received, for what expires after the setting `stateDays`. @default - never */
  readonly receivedAt?: string;
  /**
   * Whether most events repeat what is stored, so that it is read, for a tenth of the price of a write,
   * and written only if it is missing. Only for what keeps the earliest.
   *
   * @default false
   */
  readonly isRepeated?: boolean;
}

/** What the events of each type say. A type that is not here says nothing. */
export type RegistersOf<Type extends BusType> = {
  readonly [T in Type]?: (event: EventOf<T>) => readonly Register[];
};

/** Ids are cut to this length in versions; ours are shorter. */
const maxIdLength = 256;

/**
 * The place of an event among others: by when it happened; where two have the same time, as senders
 * report full seconds, by when they were received; and then by id, so that no two are equal.
 */
export function versionOf(meta: Meta): string {
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

/** A register that keeps the latest value. */
export function latest(key: RegisterKey, meta: Meta, data: Register['data']): Register {
  return { ...key, keeps: 'latest', version: versionOf(meta), data };
}

/** A register that keeps the earliest value; it expires after `stateDays`. */
export function earliest(key: RegisterKey, meta: Meta, data: Register['data']): Register {
  const { receivedAt } = meta;
  return { ...key, keeps: 'earliest', version: versionOf(meta), data, receivedAt };
}

/** A register to which every event writes the same, so that no value is earlier than another. */
export function constant(key: RegisterKey, data: Register['data']): Register {
  return { ...key, keeps: 'earliest', version: '', data, isRepeated: true };
}

/** The name of a session, in the list `pk` of those of which something is known. */
export const knownSession = (pk: string, session: string): Register =>
  constant({ pk, sk: stateKey(session) }, { session });

/** An address as events have it. */
export interface Address {
  readonly kind: string;
  readonly id: string;
  readonly phone?: string | undefined;
  readonly lid?: string | undefined;
}

/** An address as it is stored: its id, and the hidden id beside a phone number. The rest follows from them. */
export function stored(address: Address | undefined): Value {
  if (!address) {
    return undefined;
  }
  const { id, lid } = address;
  return { id: cut(id), lid: lid === undefined || lid === id ? undefined : cut(lid) };
}

/**
 * That the phone number and the hidden id of an address are one person's, in both directions, and since
 * when it is known. What one consumer learns, readers apply to the state of all.
 */
export function aliases(
  consumer: (typeof aliasConsumers)[number],
  meta: Meta,
  { id, lid }: Address,
): readonly Register[] {
  if (lid === undefined || lid === id) {
    return [];
  }
  const session = meta.session ?? unnamedSession;
  return [
    [id, lid],
    [lid, id],
  ].map(([from = '', to = '']) => ({
    ...{ pk: stateKeys.aliases(consumer, session, from), sk: stateKey(to) },
    ...{ keeps: 'earliest', version: versionOf(meta), isRepeated: true, data: { alias: cut(to) } },
  }));
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
