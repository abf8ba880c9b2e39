import { type Clock, systemClock } from './clock.ts';
import type { Store } from './store.ts';

/** How often the time is noted, in milliseconds of real time. */
const noteMs = 1_000;

/** A clock whose notes can be ended. */
export interface KeptClock extends Clock {
  /** Notes the time once more, and no more from then on. */
  stop(): void;
}

/**
 * The machine's clock, which never goes back behind what an earlier run on the same data has seen:
 * after a run with a time scale, what was put off to a time is not put off once more.
 */
export function keptClock(store: Store, scale: number): KeptClock {
  const { db } = store;
  db.exec(
    'CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY, time INTEGER NOT NULL) STRICT',
  );
  const row = db.prepare('SELECT time FROM clock WHERE id = 1').get();
  const clock = systemClock(scale, Math.max(Date.now(), Number(row?.time ?? 0)));
  const isAhead = () => clock.now() > Date.now() + noteMs;
  const note = () => {
    if (!isAhead()) return;
    db.prepare('INSERT OR REPLACE INTO clock VALUES (1, ?)').run(Math.floor(clock.now()));
  };
  const timer = setInterval(note, noteMs).unref();
  return {
    now: clock.now,
    after: clock.after,
    stop() {
      clearInterval(timer);
      note();
    },
  };
}
