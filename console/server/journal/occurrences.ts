/** One report of a fact. */
export interface Occurrence {
  /** Number of the event; absent if it was not published. */
  readonly seq?: number;
  /** When it arrived, if it was not published, in epoch milliseconds. */
  readonly at?: number;
  /** Result of deduplication: `duplicate`, for example. */
  readonly result?: string;
  readonly requestId?: string;
}

/** Maximum number of reports that are kept of one fact. */
const maxOfOne = 50;

/** Maximum number of facts of which only unpublished reports are kept. */
const maxUnpublished = 10_000;

/** The reports of each fact: published events and duplicates. */
export class Occurrences {
  readonly #events = new Map<string, number[]>();
  readonly #unpublished = new Map<string, Occurrence[]>();

  /** Records a published event with this key. */
  note(key: string, seq: number): void {
    const seqs = this.#events.get(key);
    if (!seqs) {
      this.#events.set(key, [seq]);
    } else if (seqs.length < maxOfOne) {
      seqs.push(seq);
    }
  }

  /** Records a report that was not published. */
  noteUnpublished(key: string, occurrence: Occurrence): void {
    const occurrences = this.#unpublished.get(key) ?? [];
    if (occurrences.length < maxOfOne) {
      occurrences.push(occurrence);
    }
    this.#unpublished.set(key, occurrences);
    const [oldest] = this.#unpublished.keys();
    if (this.#unpublished.size > maxUnpublished && oldest !== undefined) {
      this.#unpublished.delete(oldest);
    }
  }

  of(key: string): readonly Occurrence[] {
    const published = (this.#events.get(key) ?? []).map((seq) => ({ seq }));
    return [...published, ...(this.#unpublished.get(key) ?? [])];
  }

  forget(key: string, seq: number): void {
    const remaining = (this.#events.get(key) ?? []).filter((each) => each !== seq);
    if (remaining.length > 0) {
      this.#events.set(key, remaining);
    } else {
      this.#events.delete(key);
    }
  }
}
