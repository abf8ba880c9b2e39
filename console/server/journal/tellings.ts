/** One telling of a fact. */
export interface Telling {
  /** Number of the event; absent where the telling was not published. */
  readonly seq?: number;
  /** When it came, if it was not published; milliseconds since 1970. */
  readonly at?: number;
  /** What the ledger said: `duplicate`, for example. */
  readonly verdict?: string;
  readonly requestId?: string;
}

/** Tellings of one fact that are kept. */
const maxOfOne = 50;

/** Facts of which only unpublished tellings are known. */
const maxUnpublished = 10_000;

/** Which facts were told more than once, and how. */
export class Tellings {
  readonly #events = new Map<string, number[]>();
  readonly #unpublished = new Map<string, Telling[]>();

  /** An event with this key was published. */
  note(key: string, seq: number): void {
    const seqs = this.#events.get(key);
    if (!seqs) this.#events.set(key, [seq]);
    else if (seqs.length < maxOfOne) seqs.push(seq);
  }

  /** A telling came that was not published. */
  noteUnpublished(key: string, telling: Telling): void {
    const tellings = this.#unpublished.get(key) ?? [];
    if (tellings.length < maxOfOne) tellings.push(telling);
    this.#unpublished.set(key, tellings);
    const [oldest] = this.#unpublished.keys();
    if (this.#unpublished.size > maxUnpublished && oldest !== undefined) {
      this.#unpublished.delete(oldest);
    }
  }

  of(key: string): readonly Telling[] {
    const published = (this.#events.get(key) ?? []).map((seq) => ({ seq }));
    return [...published, ...(this.#unpublished.get(key) ?? [])];
  }

  forget(key: string, seq: number): void {
    const left = (this.#events.get(key) ?? []).filter((each) => each !== seq);
    if (left.length > 0) this.#events.set(key, left);
    else this.#events.delete(key);
  }
}
