/** An address in the state, with its phone number and hidden id. */
export interface Person {
  readonly id: string;
  readonly phone?: string;
  readonly lid?: string;
}

/** Reads a stored address and derives the phone number or hidden id from its id. */
export function personOf(value: unknown): Person | undefined {
  const { id, phone, lid } = (value ?? {}) as Partial<Record<keyof Person, unknown>>;
  if (typeof id !== 'string') {
    return undefined;
  }
  const digits = /^(\d+)@c\.us$/.exec(id)?.[1];
  const knownPhone = typeof phone === 'string' ? phone : digits && `+${digits}`;
  const knownLid = typeof lid === 'string' ? lid : id.endsWith('@lid') ? id : undefined;
  return {
    id,
    ...(knownPhone === undefined ? {} : { phone: knownPhone }),
    ...(knownLid === undefined ? {} : { lid: knownLid }),
  };
}

/**
 * Whether two addresses are the same person. `unnamed`: one of them is unknown. `incomparable`: one is known
 * by phone number only, the other by hidden id only.
 */
export type Likeness = 'same' | 'unnamed' | 'incomparable' | 'different';

const byLikeness: readonly Likeness[] = ['same', 'unnamed', 'incomparable', 'different'];

/** The combined result of several comparisons. */
export const leastLike = (...all: readonly Likeness[]): Likeness =>
  byLikeness.findLast((likeness) => all.includes(likeness)) ?? 'same';

/** Compares two addresses. See {@link Likeness}. */
export function comparePersons(one: Person | undefined, other: Person | undefined): Likeness {
  if (!one || !other) {
    return 'unnamed';
  }
  if (one.id === other.id) {
    return 'same';
  }
  if (one.phone !== undefined && other.phone !== undefined) {
    return one.phone === other.phone ? 'same' : 'different';
  }
  if (one.lid !== undefined && other.lid !== undefined) {
    return one.lid === other.lid ? 'same' : 'different';
  }
  const isPerson = ({ phone, lid }: Person) => phone !== undefined || lid !== undefined;
  return isPerson(one) && isPerson(other) ? 'incomparable' : 'different';
}
