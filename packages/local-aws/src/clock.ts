import type { Store } from './store.ts';

/** Time for everything that runs locally, so that a test can let 24 hours pass in milliseconds. */
export interface Clock {
  /** Epoch milliseconds on this clock. */
  now(): number;
  /** Calls `fire` once after `delayMs` of this clock's time. Returns a function that cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

/** setTimeout fires at once for anything longer (Node documentation, timers). */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * The machine's clock. With `scale` 3600, an hour of this clock passes in each real second.
 *
 * @param earliest epoch milliseconds at which the clock starts if the machine's clock is not that far
 */
export function systemClock(scale = 1, earliest = 0): Clock {
  const begun = Date.now();
  const start = Math.max(begun, earliest);
  const now = () => start + (Date.now() - begun) * scale;
  return {
    now,
    after(delayMs, fire) {
      const due = now() + Math.max(0, delayMs);
      let timer: NodeJS.Timeout;
      const arm = () => {
        const wait = (due - now()) / scale;
        timer =
          wait > maxTimeoutMs ? setTimeout(arm, maxTimeoutMs) : setTimeout(fire, Math.max(0, wait));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

interface Alarm {
  readonly due: number;
  readonly fire: () => void;
}

/** A clock that does not advance until a test moves it. */
export class SteppedClock implements Clock {
  #now: number;
  #alarms: Alarm[] = [];

  constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, fire: () => void): () => void {
    const alarm = { due: this.#now + Math.max(0, delayMs), fire };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  /**
   * Moves time forward, firing what falls due on the way, earliest first. Lets pending I/O and
   * promises settle after each step, so that work that a timer starts can set further timers.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#alarms
        .filter((alarm) => alarm.due <= end)
        .reduce<Alarm | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined);
      if (!next) {
        break;
      }
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.due);
      next.fire();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Waits for one iteration of the event loop: pending promises and immediates have run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Interval at which the time is saved, in milliseconds of real time. */
const saveIntervalMs = 1_000;

/** A clock that saves its time regularly until it is stopped. */
interface PersistentClock extends Clock {
  /** Saves the time a last time and stops saving it. */
  stop(): void;
}

/**
 * The machine's clock, but never earlier than the last time that an earlier run on the same data
 * saved. Without this, after a run with a time scale, everything scheduled would be delayed once
 * more.
 */
export function persistentClock(store: Store, scale: number): PersistentClock {
  const { db } = store;
  db.exec(
    'CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY, time INTEGER NOT NULL) STRICT',
  );
  const row = db.prepare('SELECT time FROM clock WHERE id = 1').get();
  const clock = systemClock(scale, Number(row?.time ?? 0));
  const isAhead = () => clock.now() > Date.now() + saveIntervalMs;
  const save = () => {
    if (!isAhead()) {
      return;
    }
    db.prepare('INSERT OR REPLACE INTO clock VALUES (1, ?)').run(Math.floor(clock.now()));
  };
  const timer = setInterval(save, saveIntervalMs).unref();
  return {
    now: clock.now,
    after: clock.after,
    stop() {
      clearInterval(timer);
      save();
    },
  };
}
