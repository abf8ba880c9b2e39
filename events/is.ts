import type { BusType } from './data-of.ts';
import type { WhatsAppEvent } from './envelope.ts';

/**
 * Whether an event is of one of these types; narrows it.
 *
 * @example
 * if (is(event, 'message', 'message.any')) console.log(event.data.body?.length);
 */
export function is<T extends BusType>(
  event: WhatsAppEvent,
  ...types: readonly [T, ...T[]]
): event is Extract<WhatsAppEvent, { readonly type: T }> {
  return (types as readonly string[]).includes(event.type);
}
