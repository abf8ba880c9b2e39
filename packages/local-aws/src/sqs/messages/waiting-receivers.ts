import type { JsonObject } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';

interface Waiter {
  /** Tries to receive; `undefined` when there is nothing. Throws when waiting has become pointless. */
  readonly attempt: () => JsonObject | undefined;
  readonly finish: (settle: () => void) => void;
  readonly resolve: (answer: JsonObject) => void;
  readonly reject: (error: unknown) => void;
}

interface Line {
  readonly waiters: Waiter[];
  /** Cancels the alarm for the next message that becomes visible. */
  cancelAlarm: () => void;
  serving: boolean;
}

/**
 * Long polls, first come, first served. The waiting receivers of a queue are served when a message
 * may have become receivable (`wake`) and when the clock reaches the next delay or visibility
 * timeout; nothing polls.
 */
export class WaitingReceivers {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #nextDueAt: (queueId: number) => number | undefined;
  readonly #lines = new Map<number, Line>();

  constructor(store: Store, clock: Clock, nextDueAt: (queueId: number) => number | undefined) {
    this.#store = store;
    this.#clock = clock;
    this.#nextDueAt = nextDueAt;
  }

  /** Waits at most `waitMs`; the response is empty when the time is over or the caller has gone. */
  wait(
    queueId: number,
    waitMs: number,
    attempt: Waiter['attempt'],
    signal: AbortSignal | undefined,
  ): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(queueId) ?? this.#open(queueId);
      const leave = () => waiter.finish(() => resolve({}));
      const cancelTimeout = this.#clock.after(waitMs, leave);
      const waiter: Waiter = {
        attempt,
        resolve,
        reject,
        finish: (settle) => {
          const place = line.waiters.indexOf(waiter);
          if (place < 0) {
            return;
          }
          line.waiters.splice(place, 1);
          cancelTimeout();
          signal?.removeEventListener('abort', leave);
          if (line.waiters.length === 0) {
            this.#close(queueId, line);
          }
          settle();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      line.waiters.push(waiter);
      this.#setAlarm(queueId, line);
    });
  }

  /** To be called with each change that may make a message receivable, also within a transaction. */
  wake(queueId: number): void {
    const line = this.#lines.get(queueId);
    if (!line || line.serving) {
      return;
    }
    line.serving = true;
    queueMicrotask(() => this.#serveWhenCommitted(queueId, line));
  }

  /** Serves the waiting receivers first, so that a new one does not overtake them. */
  serve(queueId: number): void {
    const line = this.#lines.get(queueId);
    if (!line || !this.#store.db.isOpen) {
      return;
    }
    for (const waiter of [...line.waiters]) {
      try {
        const answer = waiter.attempt();
        if (!answer) {
          break;
        }
        waiter.finish(() => waiter.resolve(answer));
      } catch (error) {
        waiter.finish(() => waiter.reject(error));
      }
    }
    if (line.waiters.length > 0) {
      this.#setAlarm(queueId, line);
    }
  }

  /** Ends all long polls with an empty response. */
  close(): void {
    for (const line of [...this.#lines.values()]) {
      for (const waiter of [...line.waiters]) {
        waiter.finish(() => waiter.resolve({}));
      }
    }
  }

  /** An open transaction may still roll back: then there is nothing to receive. */
  #serveWhenCommitted(queueId: number, line: Line): void {
    const serve = () => {
      line.serving = false;
      if (this.#lines.get(queueId) === line) {
        this.serve(queueId);
      }
    };
    this.#store.whenCommitted(serve, serve);
  }

  #setAlarm(queueId: number, line: Line): void {
    line.cancelAlarm();
    const dueAt = this.#nextDueAt(queueId);
    line.cancelAlarm =
      dueAt === undefined
        ? () => {}
        : this.#clock.after(dueAt - this.#clock.now(), () => this.serve(queueId));
  }

  #open(queueId: number): Line {
    const line: Line = { waiters: [], cancelAlarm: () => {}, serving: false };
    this.#lines.set(queueId, line);
    return line;
  }

  #close(queueId: number, line: Line): void {
    line.cancelAlarm();
    this.#lines.delete(queueId);
  }
}
