/** A person, group or other address, as readers of the state see it. */
export interface Person {
  readonly id: string;
  readonly phone?: string;
  readonly lid?: string;
}

/** A stored address with what follows from its id: the phone number, or the hidden id. */
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
 * Whether two addresses are one person's. `unnamed`: one of them is not known. `incomparable`: one is known
 * by phone number, the other by hidden id.
 */
export type Likeness = 'same' | 'unnamed' | 'incomparable' | 'different';

const byLikeness: readonly Likeness[] = ['same', 'unnamed', 'incomparable', 'different'];

/** What several comparisons say together. */
export const leastLike = (...all: readonly Likeness[]): Likeness =>
  byLikeness.findLast((likeness) => all.includes(likeness)) ?? 'same';

/** See {@link Likeness}. */
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
