import { readEvent } from '@event-fanout/event-pattern';
import type { Clock } from '../clock.ts';
import type { ArchiveTable } from './archives.ts';
import { type Publisher, withReplayName } from './publisher.ts';
import type { Replay, Resources } from './resources.ts';
import type { Transactions, UnitOfWork } from './unit-of-work.ts';

/**
 * Number of events that are replayed in one transaction; between two transactions other work can
 * run.
 */
const batch = 50;
/** The pause after an error of the store itself. */
const storeErrorPauseMs = 1000;

const active = new Set(['STARTING', 'RUNNING', 'CANCELLING']);

export const isActive = (replay: Replay) => active.has(replay.state);

/** The dependencies of replays. */
interface ReplayParts {
  readonly clock: Clock;
  readonly transactions: Transactions;
  readonly resources: Resources;
  readonly publisher: Publisher;
  readonly archived: ArchiveTable;
}

/**
 * Sends archived events to their bus again, in the order of their times. A replay's position is
 * stored in the same transaction as the events it sent, so that a crash makes it neither skip nor
 * repeat an event.
 */
export class Replays {
  readonly #parts: ReplayParts;
  readonly #alarms = new Map<string, () => void>();
  #isStarted = false;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /** Continues the replays that an earlier process did not finish. */
  start(): void {
    this.#isStarted = true;
    for (const replay of this.#parts.resources.replays.list('').filter(isActive)) {
      this.run(replay.name);
    }
  }

  stop(): void {
    this.#isStarted = false;
    for (const cancel of this.#alarms.values()) {
      cancel();
    }
    this.#alarms.clear();
  }

  /** Runs a replay in the background until it ends. */
  run(name: string, afterMs = 0): void {
    if (!this.#isStarted) {
      return;
    }
    this.#alarms.get(name)?.();
    const step = () => {
      this.#alarms.delete(name);
      try {
        if (this.#parts.transactions.run((unit) => this.#step(unit, name))) {
          this.run(name);
        }
      } catch {
        this.run(name, storeErrorPauseMs);
      }
    };
    this.#alarms.set(name, this.#parts.clock.after(afterMs, step));
  }

  /** Replays one batch; false when the replay has ended. */
  #step(unit: UnitOfWork, name: string): boolean {
    const { resources, archived, clock } = this.#parts;
    const replay = resources.replays.get('', name);
    if (!replay || !isActive(replay)) {
      return false;
    }
    const end = (state: string) => {
      resources.replays.put('', name, { ...replay, state, endedAt: Math.floor(clock.now()) });
      return false;
    };
    if (replay.state === 'CANCELLING') {
      return end('CANCELLED');
    }
    const events = archived.after(replay.archive, replay.position, replay.eventEnd, batch);
    const last = events.at(-1);
    if (!last) {
      return end('COMPLETED');
    }
    for (const event of events) {
      this.#publish(unit, replay, event);
    }
    const { time, row } = last;
    resources.replays.put('', name, { ...replay, state: 'RUNNING', position: { time, row } });
    return true;
  }

  #publish(
    unit: UnitOfWork,
    replay: Replay,
    event: { id: string; text: string; time: number },
  ): void {
    const { publisher, clock } = this.#parts;
    const { name, bus, ruleArns } = replay;
    const text = withReplayName(event.text, name);
    const acceptedAt = Math.floor(clock.now());
    const accepted = { id: event.id, bus, text, time: event.time, acceptedAt, forwarded: false };
    const parsed = readEvent(text, publisher.readsNumbers(bus));
    publisher.publish(unit, accepted, parsed, { name, ruleArns });
  }
}
