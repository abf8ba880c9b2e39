/** Counts of each node since this console started. Names are untrusted text. */
export interface FlowFigures {
  /** Events by session; '' for events without one. */
  readonly sessions: Record<string, number>;
  /** Events by sender; '' for events without one. */
  readonly senders: Record<string, number>;
  /** Responses of the endpoint by status. */
  readonly answers: Record<string, number>;
  /** Events on the bus. */
  readonly published: number;
  /** Events by rule that matched. */
  readonly rules: Record<string, number>;
  /** Deliveries by target. */
  readonly delivered: Record<string, number>;
  /** Deliveries to targets that failed. */
  readonly undelivered: Record<string, number>;
  /** Messages that a function handled, by queue. */
  readonly handled: Record<string, number>;
  /** Messages that a function failed on, by queue. */
  readonly failed: Record<string, number>;
}

/** Maximum number of names in one figure, since a sender could invent any number of sessions. */
const maxNames = 500;

/** Counts events, deliveries and results. */
export class FlowCounter {
  readonly #figures = {
    sessions: named(),
    senders: named(),
    answers: named(),
    published: 0,
    rules: named(),
    delivered: named(),
    undelivered: named(),
    handled: named(),
    failed: named(),
  };

  count(figure: Exclude<keyof FlowFigures, 'published'>, name: string): void {
    const figures = this.#figures[figure];
    const known = figures.get(name);
    if (known === undefined && figures.size >= maxNames) {
      return;
    }
    figures.set(name, (known ?? 0) + 1);
  }

  countPublished(): void {
    this.#figures.published += 1;
  }

  get figures(): FlowFigures {
    const { published, ...maps } = this.#figures;
    const read = Object.entries(maps).map(([name, map]) => [name, Object.fromEntries(map)]);
    return { published, ...Object.fromEntries(read) };
  }
}

const named = () => new Map<string, number>();
