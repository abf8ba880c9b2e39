import type { EventRecord, Journal } from './journal.ts';
import type { Outcome } from './outcome.ts';

/** A part of the list, the newest first. */
export interface EventWindow {
  /** Number of the newest event of the list. Later events do not move it. */
  readonly head: number;
  /** Number of events up to the head that match the filter. */
  readonly total: number;
  readonly records: readonly EventRecord[];
}

/** The requested part of the list. */
export interface WindowOptions {
  readonly filter: EventFilter;
  /** @default - the newest event */
  readonly head?: number;
  /** Number of events to skip, from the newest. */
  readonly offset: number;
  readonly limit: number;
}

/** How long a filtered list is cached, in milliseconds, so that scrolling does not filter it again. */
const freshMs = 2_000;

interface Found {
  readonly filter: string;
  readonly head: number;
  /** See {@link Journal.changes}; always 0 for a filter that does not depend on it. */
  readonly changes: number;
  readonly at: number;
  readonly records: readonly EventRecord[];
}

/** Finds parts of the list of events. */
export class EventQuery {
  readonly #journal: Journal;
  #last: Found | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  window({ filter, head = this.#journal.lastSeq, offset, limit }: WindowOptions): EventWindow {
    if (!Object.values(filter).some(Boolean)) {
      const oldest = this.#journal.lastSeq - this.#journal.size + 1;
      const total = Math.max(0, head - oldest + 1);
      const records: EventRecord[] = [];
      for (const record of this.#journal.newest(head - offset)) {
        if (records.length >= limit) {
          break;
        }
        records.push(record);
      }
      return { head, total, records };
    }
    const found = this.#find(filter, head);
    return { head, total: found.length, records: found.slice(offset, offset + limit) };
  }

  #find(filter: EventFilter, head: number): readonly EventRecord[] {
    const name = JSON.stringify(filter);
    const last = this.#last;
    const now = Date.now();
    const changes = canMatchLater(filter) ? this.#journal.changes : 0;
    const isSame = last?.filter === name && last.head === head && last.changes === changes;
    if (isSame && now - last.at < freshMs) {
      return last.records;
    }
    const matches = createEventFilter(filter, this.#journal);
    const records = [...this.#journal.newest(head)].filter(matches);
    this.#last = { filter: name, head, changes, at: now, records };
    return records;
  }
}

/** A filter of events. An absent field matches every event. */
export interface EventFilter {
  /** Event types, or categories. */
  readonly type?: string;
  readonly session?: string;
  /** Part of the chat's address. */
  readonly chat?: string;
  /** Name of a queue or other target. */
  readonly target?: string;
  /** Name of a rule. */
  readonly rule?: string;
  readonly outcome?: Outcome;
  /** Part of an id, the key, type, session, chat or beginning of the message, in any case. */
  readonly text?: string;
}

/** The fields of a filter. */
export const filterNames = [
  'type',
  'session',
  'chat',
  'target',
  'rule',
  'outcome',
  'text',
] as const satisfies readonly (keyof EventFilter)[];

/** Whether an event that does not match now may match later, because of what happens to it. */
export const canMatchLater = ({ target, outcome }: EventFilter): boolean => !!target || !!outcome;

/** Compiles a filter to a predicate. */
export function createEventFilter(
  filter: EventFilter,
  journal: Pick<Journal, 'outcome'>,
): (record: EventRecord) => boolean {
  const { type, session, chat, target, rule, outcome } = filter;
  const text = filter.text?.toLowerCase();
  return (record) => {
    const { head, steps } = record;
    return (
      (!type || head.type === type || head.category === type) &&
      (!session || head.session === session) &&
      (!chat || (head.chat ?? '').includes(chat)) &&
      (!rule || record.rules.includes(rule)) &&
      (!target || steps.some((step) => step.target === target)) &&
      (!text || hasText(record, text)) &&
      (!outcome || journal.outcome(record) === outcome)
    );
  };
}

/** Whether an event has a text, given in lower case. Joining the fields first would take four times as long. */
function hasText({ eventId, head }: EventRecord, text: string): boolean {
  const { key, type, session, chat, preview, messageIds } = head;
  const hasIt = (field = '') => field.toLowerCase().includes(text);
  return (
    [preview, eventId, key, type, session, chat].some((field) => hasIt(field)) ||
    messageIds.some((id) => hasIt(id))
  );
}
