import { seenWithinMs } from '../../events/keyring/keyring.ts';

/** How long a secret is used before it is read again: a retired one is forgotten within this time. */
const maxAgeMs = 5 * 60_000;

/** Where no secret matches, they are read again at most this often, so that forged requests cause few calls. */
const minAgeMs = seenWithinMs;

interface Cached<Value> {
  readonly value: Value;
  readonly readAt: number;
}

/** Secrets by name, read once and kept for five minutes. A secret that cannot be read again stays in
 * use, and is read again five seconds later. */
export class SecretCache<Name extends string, Value> {
  readonly #read: (name: Name) => Promise<Value>;
  readonly #now: () => number;
  readonly #cached = new Map<Name, Cached<Value>>();

  constructor(read: (name: Name) => Promise<Value>, now: () => number = Date.now) {
    this.#read = read;
    this.#now = now;
  }

  /** The secret's value. With `fresh`, read again unless it was read in the last five seconds. */
  async get(name: Name, { fresh = false } = {}): Promise<Value> {
    const cached = this.#cached.get(name);
    const age = cached ? this.#now() - cached.readAt : Number.POSITIVE_INFINITY;
    if (cached && age < (fresh ? minAgeMs : maxAgeMs)) {
      return cached.value;
    }
    // A value that is stored after this moment may not be in the answer.
    const readAt = this.#now();
    try {
      const value = await this.#read(name);
      this.#cached.set(name, { value, readAt });
      return value;
    } catch (error) {
      if (!cached) {
        throw error;
      }
      this.#cached.set(name, { ...cached, readAt: readAt - maxAgeMs + minAgeMs });
      return cached.value;
    }
  }
}
