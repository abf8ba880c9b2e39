import { seenWithinMs } from '../../events/keyring/keyring.ts';

/** Milliseconds for which a secret is cached. A retired secret is refused after this time at the latest. */
const maxAgeMs = 5 * 60_000;

/**
 * Minimum milliseconds between two reads. If no secret matches, they are read again, but not more often than
 * this, so that forged requests cause few calls.
 */
const minAgeMs = seenWithinMs;

interface Cached<Value> {
  readonly value: Value;
  readonly readAt: number;
}

/**
 * A cache of secrets by name, each kept for five minutes. If a secret cannot be read again, the cached value
 * stays in use, and the next attempt is made five seconds later.
 */
export class SecretCache<Name extends string, Value> {
  readonly #read: (name: Name) => Promise<Value>;
  readonly #now: () => number;
  readonly #cached = new Map<Name, Cached<Value>>();

  constructor(read: (name: Name) => Promise<Value>, now: () => number = Date.now) {
    this.#read = read;
    this.#now = now;
  }

  /** The secret's value. With `fresh`, it is read again unless it was read in the last five seconds. */
  async get(name: Name, { fresh = false } = {}): Promise<Value> {
    const cached = this.#cached.get(name);
    const age = cached ? this.#now() - cached.readAt : Number.POSITIVE_INFINITY;
    if (cached && age < (fresh ? minAgeMs : maxAgeMs)) {
      return cached.value;
    }
    // The time before the call: a value that is stored during the call may not be in its response.
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
