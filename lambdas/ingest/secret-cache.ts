import { KeyringError, seenWithinMs } from '../../events/keyring/keyring.ts';
import { errorName, log } from '../runtime/log.ts';

/** Milliseconds for which a secret is cached. A retired secret is refused after this time if reading works. */
const maxAgeMs = 5 * 60_000;

/**
 * Maximum milliseconds for which a cached secret is used while it cannot be read again. After this a retired
 * secret is refused in any case.
 */
const maxUnreadableMs = 3_600_000;

/**
 * Minimum milliseconds between two reads. If no secret matches, they are read again, but not more often than
 * this, so that forged requests cause few calls.
 */
const minAgeMs = seenWithinMs;

interface Cached<Value> {
  readonly value: Value;
  readonly readAt: number;
  /** The time of the last attempt to read it. */
  readonly triedAt: number;
}

/**
 * A cache of secrets by name, each kept for five minutes. If a secret cannot be read again, the cached value
 * stays in use for an hour after it was read, and the next attempt is made five seconds later.
 */
export class SecretCache<Name extends string, Value> {
  readonly #read: (name: Name) => Promise<Value>;
  readonly #now: () => number;
  readonly #cached = new Map<Name, Cached<Value>>();

  constructor(read: (name: Name) => Promise<Value>, now: () => number = Date.now) {
    this.#read = read;
    this.#now = now;
  }

  /**
   * The secret's value. With `fresh`, it is read again unless that was tried in the last five seconds. Throws
   * if it cannot be read, and was not read in the last hour.
   */
  async get(name: Name, { fresh = false } = {}): Promise<Value> {
    const cached = this.#cached.get(name);
    // The time before the call: a value that is stored during the call may not be in its response.
    const now = this.#now();
    if (cached) {
      const isOld = fresh || now - cached.readAt >= maxAgeMs;
      if (!isOld || now - cached.triedAt < minAgeMs) {
        return cached.value;
      }
    }
    try {
      const value = await this.#read(name);
      this.#cached.set(name, { value, readAt: now, triedAt: now });
      return value;
    } catch (error) {
      const isUsable = cached !== undefined && now - cached.readAt < maxUnreadableMs;
      log.error('the secret cannot be read', {
        secret: name,
        error: errorName(error),
        // It names the invalid place, and never a value.
        reason: error instanceof KeyringError ? error.message : undefined,
        secondsSinceRead: cached && Math.round((now - cached.readAt) / 1_000),
      });
      if (!isUsable) {
        throw error;
      }
      this.#cached.set(name, { ...cached, triedAt: now });
      return cached.value;
    }
  }
}
