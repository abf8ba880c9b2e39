import type { KeyRule } from './kind.ts';

/**
 * The rule of a kind whose payload has no id of its own: the sender's event id and time tell its events
 * apart. `why` says what may repeat.
 */
export function eventIdKey(name: string, why: string): KeyRule<unknown, unknown> {
  return { name, rule: `The sender’s event id and time: ${why}`, parts: () => undefined };
}
