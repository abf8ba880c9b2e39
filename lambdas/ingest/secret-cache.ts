/** Reads one secret's current value. */
export type ReadSecret = (arn: string) => Promise<string>;

/** How long a secret is used before it is read again: a rotation is seen within this time. */
const maxAgeMs = 5 * 60_000;

/** A secret that did not fit is read again at most this often, so that forgeries cost no calls. */
const minAgeMs = 10_000;

interface Cached {
  readonly value: string;
  readonly readAt: number;
}

/** Secrets, read once and kept for five minutes. A secret that cannot be read again is used on, and asked
 * for again ten seconds later. */
export class SecretCache {
  readonly #read: ReadSecret;
  readonly #now: () => number;
  readonly #cached = new Map<string, Cached>();

  constructor(read: ReadSecret, now: () => number = Date.now) {
    this.#read = read;
    this.#now = now;
  }

  /** The secret's value. With `fresh`, read anew unless that was done in the last ten seconds. */
  async get(arn: string, { fresh = false } = {}): Promise<string> {
    const cached = this.#cached.get(arn);
    const age = cached ? this.#now() - cached.readAt : Number.POSITIVE_INFINITY;
    if (cached && age < (fresh ? minAgeMs : maxAgeMs)) return cached.value;
    try {
      const value = await this.#read(arn);
      this.#cached.set(arn, { value, readAt: this.#now() });
      return value;
    } catch (error) {
      if (!cached) throw error;
      this.#cached.set(arn, { ...cached, readAt: this.#now() - maxAgeMs + minAgeMs });
      return cached.value;
    }
  }
}
