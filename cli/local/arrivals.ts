import type { LocalObserver } from '@event-fanout/local-aws';
import { parse } from '../../events/parse.ts';
import { lastPartOf } from '../../ops/aws/arn.ts';

/** Where one event has arrived, and when (milliseconds of `performance.now`). */
export interface Arrival {
  /** By name of the queue. */
  readonly queues: ReadonlyMap<string, number>;
  /** By name of the function, once it has handled the event. */
  readonly functions: ReadonlyMap<string, number>;
}

interface Places {
  readonly queues: Map<string, number>;
  readonly functions: Map<string, number>;
}

/** Follows events through a local run, from the outside: queues filled, and functions done. */
export class Arrivals {
  readonly #byId = new Map<string, Places>();
  #changed = Promise.withResolvers<void>();

  /** For the local run: what is reported here becomes an arrival. */
  readonly observer: LocalObserver = {
    queued: (queueArn, body) => {
      const { meta } = parse(body);
      this.#note(meta.id, 'queues', lastPartOf(queueArn));
    },
    batchFinished: ({ functionName, records }, failed) => {
      for (const { messageId, body } of records) {
        if (!failed.has(messageId)) {
          this.#note(parse(body).meta.id, 'functions', functionName);
        }
      }
    },
  };

  /** Forgets everything: what is sent next may have the id of what was sent before. */
  clear(): void {
    this.#byId.clear();
  }

  /** Resolves when `isComplete` holds for the event, or with what there is after `timeoutMs`. */
  async of(
    id: string,
    isComplete: (arrival: Arrival) => boolean,
    timeoutMs: number,
  ): Promise<Arrival> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const arrival = this.#placesOf(id);
      const remaining = deadline - performance.now();
      if (isComplete(arrival) || remaining <= 0) {
        return arrival;
      }
      await this.#nextChange(remaining);
    }
  }

  /** Resolves with true when a condition holds, which is looked at after each arrival; false after `timeoutMs`. */
  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!condition() && performance.now() < deadline) {
      await this.#nextChange(deadline - performance.now());
    }
    return condition();
  }

  /** Waits for the next arrival, at most so long. */
  async #nextChange(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#changed.promise, timeout]);
    clearTimeout(timer);
  }

  #note(id: string, kind: keyof Places, name: string): void {
    this.#placesOf(id)[kind].set(name, performance.now());
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  #placesOf(id: string): Places {
    const places = this.#byId.get(id) ?? { queues: new Map(), functions: new Map() };
    this.#byId.set(id, places);
    return places;
  }
}
