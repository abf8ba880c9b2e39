import type { KeyRule } from './fact-key.ts';

/**
 * The key of a kind whose payload has no id of its own: the sender's event id and time distinguish
 * its events. Its docs entry says what may repeat.
 */
export function eventIdKey(name: string): KeyRule<unknown, unknown> {
  return { name };
}
