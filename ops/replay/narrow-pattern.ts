import { own } from '../../events/own.ts';
import { sameSpelling } from '../dead-letters/message-filter.ts';

/** Which of a consumer's past events are replayed. What is not given does not restrict. */
export interface ReplayFilter {
  readonly types?: readonly string[];
  readonly sessions?: readonly string[];
  readonly chats?: readonly string[];
}

/** Quotas of EventBridge: characters of an event pattern. */
const longestPattern = 2_048;

/** A pattern, or a part of one. Of foreign make. */
type Branch = { readonly [name: string]: unknown };

/**
 * The pattern for what matches a consumer's own pattern, the filter, and is sent by this replay.
 * EventBridge knows one set of conditions for a field: where the consumer's pattern has one for a
 * field of the filter, both are brought together, or this gives up.
 *
 * @throws when nothing of the filter is what the consumer hears, or when both cannot be brought together
 */
export function narrowPattern(pattern: string, filter: ReplayFilter, replayName: string): string {
  const { types, sessions, chats } = filter;
  let narrowed = JSON.parse(pattern) as Branch;
  // Only plain names in the consumer's pattern can be compared with those that are wanted.
  const typePath = isWords(narrowed['detail-type']) ? ['detail-type'] : ['detail', 'meta', 'type'];
  if (types) narrowed = restrict(narrowed, typePath, types);
  if (sessions) narrowed = restrict(narrowed, ['detail', 'meta', 'session'], sessions);
  if (chats) narrowed = restrict(narrowed, ['detail', 'meta', 'chat'], chats.map(sameSpelling));
  const text = JSON.stringify({ ...narrowed, 'replay-name': [replayName] });
  if (text.length <= longestPattern) return text;
  throw new Error(
    `That is more than one rule can tell apart (${text.length} of ${longestPattern} characters). Name fewer types, sessions or chats.`,
  );
}

function restrict(branch: Branch, path: readonly string[], wanted: readonly string[]): Branch {
  const [name = '', ...rest] = path;
  if (mentions(branch.$or, path.at(-1) ?? '')) {
    throw new Error(
      `The consumer's rule has alternatives ($or) for ${path.at(-1)}, which cannot be narrowed.`,
    );
  }
  const present = own(branch, name);
  if (rest.length > 0) {
    const inner = typeof present === 'object' && present !== null ? (present as Branch) : {};
    return { ...branch, [name]: restrict(inner, rest, wanted) };
  }
  if (present === undefined) return { ...branch, [name]: wanted };
  if (!isWords(present)) {
    throw new Error(
      `The consumer's rule has conditions of its own for ${name}, which cannot be narrowed.`,
    );
  }
  const both = present.filter((word) => wanted.includes(word));
  if (both.length > 0) return { ...branch, [name]: both };
  throw new Error(
    `The consumer hears none of ${wanted.join(', ')}. It hears: ${present.join(', ')}.`,
  );
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const mentions = (alternatives: unknown, name: string) =>
  alternatives !== undefined && JSON.stringify(alternatives).includes(JSON.stringify(name));
