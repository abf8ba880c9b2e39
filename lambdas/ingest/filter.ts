import { hash } from 'node:crypto';
import type { Envelope, Meta } from '../../events/envelope.ts';
import {
  type FilterAction,
  type FilterRule,
  filterRuleFor,
} from '../../events/filters/read-filter-rules.ts';
import { canonicalJson } from '../../events/json.ts';

/** Number of chats whose last event one function instance remembers. Beyond that it forgets the oldest. */
const maxRemembered = 10_000;

/** The last published event of a chat, and its time. */
interface Occurrence {
  readonly content: string;
  readonly at: number;
}

/**
 * Applies the stage's filter rules. It never delays an event: each is published at once or dropped. Thus no
 * event exists only in memory after its sender received 2xx (docs/decisions/debounce-in-memory.md).
 */
export class EventFilter {
  readonly #rules: readonly FilterRule[];
  readonly #now: () => number;
  readonly #reported = new Map<string, Occurrence>();

  constructor(rules: readonly FilterRule[], now: () => number = Date.now) {
    this.#rules = rules;
    this.#now = now;
  }

  /** The action that drops an event. Undefined if the event is published. */
  dropActionFor(envelope: Envelope): FilterAction['kind'] | undefined {
    const action = filterRuleFor(envelope.meta, this.#rules)?.action;
    return action && this.#isFiltered(envelope, action) ? action.kind : undefined;
  }

  /**
   * Remembers an event after it was published, not before: if publishing fails, the sender's retry must not
   * count as a repetition.
   */
  rememberPublished(envelope: Envelope): void {
    if (filterRuleFor(envelope.meta, this.#rules)?.action.kind !== 'debounce') {
      return;
    }
    const subject = subjectOf(envelope.meta);
    // Inserted last, so that the first entry of the map is the oldest.
    this.#reported.delete(subject);
    this.#reported.set(subject, { content: contentOf(envelope), at: this.#now() });
    const [oldest] = this.#reported.keys();
    if (this.#reported.size > maxRemembered && oldest !== undefined) {
      this.#reported.delete(oldest);
    }
  }

  #isFiltered(envelope: Envelope, action: FilterAction): boolean {
    switch (action.kind) {
      case 'drop':
        return true;
      case 'sample':
        return numberOf(envelope.meta.id) % action.oneIn !== 0;
      case 'debounce': {
        const last = this.#reported.get(subjectOf(envelope.meta));
        if (!last || this.#now() - last.at >= action.seconds * 1000) {
          return false;
        }
        return last.content === contentOf(envelope);
      }
    }
  }
}

const subjectOf = ({ session, type, chat }: Meta) => JSON.stringify([session, type, chat]);

const contentOf = ({ data }: Envelope) => hash('sha256', canonicalJson(data), 'base64');

/** A number derived from the id only, the same in every function instance. */
const numberOf = (id: string) => Number.parseInt(hash('sha256', id, 'hex').slice(0, 12), 16);
