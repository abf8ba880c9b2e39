import type { LocalObserver } from '@event-fanout/local-aws';
import { parse } from '../../events/parse.ts';

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
      this.#note(meta.id, 'queues', queueArn.split(':').at(-1) ?? queueArn);
    },
    finished: ({ functionName, records }, failed) => {
      for (const { messageId, body } of records) {
        if (!failed.has(messageId)) this.#note(parse(body).meta.id, 'functions', functionName);
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
      const left = deadline - performance.now();
      if (isComplete(arrival) || left <= 0) return arrival;
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, left);
      });
      await Promise.race([this.#changed.promise, timeout]);
      clearTimeout(timer);
    }
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
