import type { BusType, EventOf, Meta } from '../../events/envelope.ts';
import {
  type aliasConsumers,
  stateKey,
  stateKeys,
  unnamedSession,
} from '../../events/state/state-keys.ts';

/** A value that the state table can store. */
export type Value =
  | string
  | number
  | boolean
  | undefined
  | readonly Value[]
  | { readonly [name: string]: Value };

/** The key of a register's item. */
export interface RegisterKey {
  readonly pk: string;
  readonly sk: string;
}

/**
 * A last-write-wins register: one fact of the state, stored as one item. All values of a register are ordered
 * by `version`, and the greatest (or the smallest) is kept. The state therefore converges: the same events
 * result in the same registers, in whatever order and however often they arrive.
 */
export interface Register extends RegisterKey {
  readonly keeps: 'latest' | 'earliest';
  readonly version: string;
  readonly data: { readonly [name: string]: Value };
  /** When the event was received; the item expires `stateDays` later. @default - the item does not expire */
  readonly receivedAt?: string;
  /**
   * Whether most events repeat the stored value. The item is then read first, at a tenth of the price of a
   * write, and written only if it is missing. Only for registers that keep the earliest value.
   *
   * @default false
   */
  readonly isRepeated?: boolean;
}

/** For each event type, the function that derives registers from an event. Other types have none. */
export type RegistersOf<Type extends BusType> = {
  readonly [T in Type]?: (event: EventOf<T>) => readonly Register[];
};

/** Maximum milliseconds by which the clock of a sender may be ahead of ours. */
const maxAheadMs = 300_000;

/**
 * When an event happened: the sender's time, or the time of receipt if the sender's time was still in the
 * future then. Otherwise one event of a wrong clock would take precedence over all later ones.
 *
 * @param at another time in the event. @default - `meta.occurredAt`
 */
export function happenedAt({ occurredAt, receivedAt }: Meta, at = occurredAt): string {
  return Date.parse(at) - Date.parse(receivedAt) > maxAheadMs ? receivedAt : at;
}

/** Maximum length of an id in a version. Our own ids are shorter. */
const maxIdLength = 256;

/**
 * The version of an event's values. It orders events by when they happened; for equal times (senders report
 * full seconds) by when they were received; and then by id, so that no two are equal.
 */
export function versionOf(meta: Meta): string {
  return `${happenedAt(meta)}#${meta.receivedAt}#${String(meta.id).slice(0, maxIdLength)}`;
}

/** The registers of one event, each once. If an event has two values for a register, the first is used. */
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

/** A register to which every event writes the same value. */
export function constant(key: RegisterKey, data: Register['data']): Register {
  return { ...key, keeps: 'earliest', version: '', data, isRepeated: true };
}

/** Adds the name of a session to the list `pk` of known sessions. */
export const knownSession = (pk: string, session: string): Register =>
  constant({ pk, sk: stateKey(session) }, { session });

/** An address as in events. */
export interface Address {
  readonly kind: string;
  readonly id: string;
  readonly phone?: string | undefined;
  readonly lid?: string | undefined;
}

/**
 * Converts an address for the state: its id, and the hidden id if the id is a phone number. The other fields
 * can be derived from these.
 */
export function stored(address: Address | undefined): Value {
  if (!address) {
    return undefined;
  }
  const { id, lid } = address;
  return { id: cut(id), lid: lid === undefined || lid === id ? undefined : cut(lid) };
}

/**
 * The registers that the phone number and the hidden id of an address belong to one person, in both
 * directions, and since when this is known. Readers apply what one consumer learns to the state of all.
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
 * Maximum characters of a message's text, which is WhatsApp's own limit. With three bytes each, half of an
 * item's 400 KB remains for other fields (DynamoDB Developer Guide, "Quotas").
 */
export const maxTextLength = 65_536;

/** Maximum characters of the previous text of an edit, which is stored with the new one. */
export const maxPreviousTextLength = 16_384;

/** Maximum characters of other texts: names, addresses, links. */
const maxNameLength = 2_048;

/** Maximum characters of all texts in one value. */
const maxCharacters = 8_192;

/** Maximum number of entries of a list, and of fields of an object. */
const maxEntries = 100;

/**
 * Maximum depth of objects; deeper values are omitted. The deepest value that is needed, a message's media in
 * S3, has two levels.
 */
const maxDepth = 3;

/** Cuts untrusted text to a maximum length, without splitting a character. */
export function cut(text: string, length = maxNameLength): string {
  return text.slice(0, length).toWellFormed();
}

/** Converts data of an event for the state: limited in size, and without undefined fields. */
export function bounded(value: unknown): Value {
  return boundedWithin({ remaining: maxCharacters }, value, 0);
}

/** Whether DynamoDB accepts a number (DynamoDB Developer Guide, "Supported data types: Number"). */
function isStorable(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-130 && size < 1e126);
}

/** The remaining number of characters. */
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
