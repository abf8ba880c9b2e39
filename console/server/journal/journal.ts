import { readEvent } from '@event-fanout/event-pattern';
import { type Occurrence, Occurrences } from './occurrences.ts';
import { noTargets, type Outcome, outcomeOf, type Step, type Targets } from './outcome.ts';
import { type Head, readHead, type Summary } from './summary.ts';
import { TextStore } from './text-store.ts';

/** Maximum number of steps that are kept of one event: those of a poison message would grow without limit. */
const maxSteps = 200;

/** The properties of one event, without its text. */
export interface EventRecord {
  readonly seq: number;
  readonly eventId: string;
  readonly bus: string;
  readonly source: string;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  /** Names of the rules that matched. */
  readonly rules: readonly string[];
  readonly head: Head;
  readonly steps: Step[];
  /** Number of steps that were omitted between the first and the last ones. */
  omitted: number;
}

/** The properties of an event that was published on the bus. */
export interface Published {
  readonly eventId: string;
  readonly bus: string;
  readonly source: string;
  readonly type: string;
  readonly rules: readonly string[];
  readonly at: number;
  /** The event's JSON. Undefined if no target received the unchanged event. */
  readonly text: string | undefined;
}

/** Default number of events that are kept. */
export const defaultCapacity = 100_000;

/** The most recent events, in the order of their publication, and what happened to each. */
export class Journal {
  readonly #capacity: number;
  readonly #records: EventRecord[] = [];
  /** Index of the oldest record in `#records`, which is cut only from time to time. */
  #start = 0;
  #lastSeq = 0;
  readonly #byEventId = new Map<string, EventRecord>();
  readonly #texts = new TextStore();
  readonly #changed = new Map<EventRecord, number>();
  #changes = 0;
  /** The newest failure of each target. */
  readonly #failures = new Map<string, TargetFailure>();
  /** Milliseconds from the webhook to the end of its handling, for the last events. */
  readonly #latencies: number[] = [];
  #handled = 0;
  /** Duplicates, by idempotency key. */
  readonly occurrences = new Occurrences();
  targets: Targets = noTargets;
  /** The error that stopped the stream of events; undefined while it runs. */
  trouble: string | undefined;

  constructor(capacity = defaultCapacity) {
    this.#capacity = capacity;
  }

  /** Number of the newest event; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get size(): number {
    return this.#records.length - this.#start;
  }

  /** Incremented with each change of an event that was published before. */
  get changes(): number {
    return this.#changes;
  }

  publish({ text, type, at, ...known }: Published): EventRecord {
    this.#lastSeq += 1;
    const head = readHead(text === undefined ? undefined : parse(text), {
      ...{ type, at, bytes: text === undefined ? 0 : Buffer.byteLength(text) },
    });
    const steps: Step[] = [];
    const record = { ...known, publishedAt: at, seq: this.#lastSeq, head, steps, omitted: 0 };
    this.#records.push(record);
    this.#byEventId.set(record.eventId, record);
    if (text !== undefined) {
      this.#texts.set(record.seq, text);
    }
    if (head.key !== undefined) {
      this.occurrences.note(head.key, record.seq);
    }
    this.#forgetOldest();
    return record;
  }

  /** Adds a step to an event. An unknown event is ignored. */
  add(eventId: string, step: Step): void {
    const record = this.#byEventId.get(eventId);
    if (!record) {
      return;
    }
    if (record.steps.length >= maxSteps) {
      record.steps.splice(maxSteps / 2, 1);
      record.omitted += 1;
    }
    record.steps.push(step);
    this.#measure(record, step);
    this.#touch(record);
  }

  #measure({ head, steps }: EventRecord, { kind, target, at, error = '' }: Step): void {
    if (failures.has(kind)) {
      this.noteFailure(target, { at, error });
    } else if (kind === 'handled' && head.mark !== 'replay' && !steps.some(isGivenUp)) {
      this.#latencies[this.#handled % maxLatencies] = Math.max(0, at - head.at);
      this.#handled += 1;
    }
  }

  /** Records a failure at a target. */
  noteFailure(target: string, { at, error }: TargetFailure): void {
    if (this.#failures.size < maxFailedTargets || this.#failures.has(target)) {
      // A failure is reported twice: by the function's log, which has the error, and by its end.
      const known = this.#failures.get(target)?.error ?? '';
      this.#failures.set(target, { at, error: error || known });
    }
  }

  /** The newest failure of each target, by its name. */
  get failures(): Readonly<Record<string, TargetFailure>> {
    return Object.fromEntries(this.#failures);
  }

  /** The 95th percentile of the milliseconds from the webhook to the end of its handling. */
  get p95Ms(): number | undefined {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.95) - 1];
  }

  /** Records a duplicate that was not published. */
  addOccurrence(key: string, occurrence: Occurrence): void {
    this.occurrences.noteUnpublished(key, occurrence);
    for (const { seq } of this.occurrences.of(key)) {
      const record = seq === undefined ? undefined : this.at(seq);
      if (record) {
        this.#touch(record);
      }
    }
  }

  /** The events that changed after the given value of {@link changes}, with its value then, the earliest first. */
  changedSince(changes: number): (readonly [record: EventRecord, changes: number])[] {
    return [...this.#changed].filter(([, at]) => at > changes);
  }

  /** The record with this number. */
  at(seq: number): EventRecord | undefined {
    const place = this.#placeOf(seq);
    return place >= this.#start ? this.#records[place] : undefined;
  }

  byEventId(eventId: string): EventRecord | undefined {
    return this.#byEventId.get(eventId);
  }

  text(seq: number): Promise<string | undefined> {
    return this.#texts.get(seq);
  }

  /** The records up to and with this number, the newest first. */
  *newest(head = this.#lastSeq): Generator<EventRecord> {
    const newest = Math.min(this.#placeOf(head), this.#records.length - 1);
    for (let at = newest; at >= this.#start; at -= 1) {
      yield this.#records[at] as EventRecord;
    }
  }

  outcome(record: EventRecord): Outcome {
    return outcomeOf(record.steps, this.targets);
  }

  summary(record: EventRecord): Summary {
    const { seq, eventId, head, steps } = record;
    const targets = [...new Set(steps.map(({ target }) => target))];
    return { ...head, seq, eventId, outcome: this.outcome(record), targets };
  }

  /** The other events and duplicates with the same key. */
  otherOccurrences(record: EventRecord): readonly Occurrence[] {
    const { key } = record.head;
    return key === undefined
      ? []
      : this.occurrences.of(key).filter(({ seq }) => seq !== record.seq);
  }

  #touch(record: EventRecord): void {
    this.#changes += 1;
    this.#changed.delete(record);
    this.#changed.set(record, this.#changes);
    if (this.#changed.size > maxChanged) {
      this.#changed.delete(first(this.#changed.keys()));
    }
  }

  /** Numbers have no gaps. */
  #placeOf(seq: number): number {
    return this.#records.length - 1 - (this.#lastSeq - seq);
  }

  #forgetOldest(): void {
    if (this.size <= this.#capacity) {
      return;
    }
    const oldest = this.#records[this.#start] as EventRecord;
    this.#start += 1;
    this.#byEventId.delete(oldest.eventId);
    this.#changed.delete(oldest);
    this.#texts.delete(oldest.seq);
    if (oldest.head.key !== undefined) {
      this.occurrences.forget(oldest.head.key, oldest.seq);
    }
    // Cutting takes linear time, so it is done rarely.
    if (this.#start > this.#capacity / 4) {
      this.#records.splice(0, this.#start);
      this.#start = 0;
    }
  }
}

/** The last failure at a target. */
export interface TargetFailure {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Class or code of the error, and its message if it is known; '' if neither is. */
  readonly error: string;
}

const failures: ReadonlySet<Step['kind']> = new Set([
  'failed',
  'given-up',
  'delivery-failed',
  'undeliverable',
  'lost',
]);

const isGivenUp = ({ kind }: Step) => kind === 'given-up';

/** Maximum number of targets whose failures are kept. */
const maxFailedTargets = 500;

/** Number of handled messages from which the 95th percentile is computed. */
const maxLatencies = 1_000;

/** Maximum number of changes that are returned to a page, which reloads what it shows. */
const maxChanged = 5_000;

const first = <Item>(items: IterableIterator<Item>) => items.next().value as Item;

function parse(text: string): unknown {
  try {
    return readEvent(text, false);
  } catch {
    return undefined;
  }
}
