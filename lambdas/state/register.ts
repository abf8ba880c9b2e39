import type { BusType, EventOf, Meta } from '../../events/envelope.ts';
import { stateKey } from '../../events/state/state-key.ts';

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
const longestId = 256;

/**
 * The place of an event among others: by when it happened; where two happened at once, as senders
 * tell whole seconds, by when they came in; and at last by id, so that no two are equal.
 */
export function stampOf(meta: Meta): string {
  return `${meta.occurredAt}#${meta.receivedAt}#${String(meta.id).slice(0, longestId)}`;
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
    if (!byKey.has(key)) byKey.set(key, register);
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
