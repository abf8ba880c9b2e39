import type { EventRecord } from './event-record.ts';
import type { Journal } from './journal.ts';
import type { Outcome } from './outcome.ts';

/** Which events are wanted. What is not given does not restrict. */
export interface EventFilter {
  /** Event types, or categories. */
  readonly kind?: string;
  readonly session?: string;
  /** Part of the chat's address. */
  readonly chat?: string;
  /** Name of a queue or other target. */
  readonly target?: string;
  /** Name of a rule. */
  readonly rule?: string;
  readonly outcome?: Outcome;
  /** Part of the key, type, session, chat or beginning of the message, in any case. */
  readonly text?: string;
}

/** The names of what can be filtered by. */
export const filterNames = [
  'kind',
  'session',
  'chat',
  'target',
  'rule',
  'outcome',
  'text',
] as const satisfies readonly (keyof EventFilter)[];

/** Makes the test that a filter stands for. */
export function createEventFilter(
  filter: EventFilter,
  journal: Pick<Journal, 'outcome'>,
): (record: EventRecord) => boolean {
  const { kind, session, chat, target, rule, outcome } = filter;
  const text = filter.text?.toLowerCase();
  return (record) => {
    const { head, steps } = record;
    return (
      (!kind || head.type === kind || head.category === kind) &&
      (!session || head.session === session) &&
      (!chat || (head.chat ?? '').includes(chat)) &&
      (!rule || record.rules.includes(rule)) &&
      (!target || steps.some((step) => step.target === target)) &&
      (!text || haystack(record).includes(text)) &&
      (!outcome || journal.outcome(record) === outcome)
    );
  };
}

function haystack({ eventId, head }: EventRecord): string {
  const { key, type, session, chat, preview } = head;
  return [eventId, key, type, session, chat, preview].join('\n').toLowerCase();
}
