import { readAddress } from '../events/address.ts';
import { categories } from '../events/catalog.ts';
import { eventSource } from '../events/names.ts';
import { unrecognized } from '../events/unrecognized.ts';
import type { DeadLetterMessage } from './dead-letters/dead-letter-message.ts';
import { hideChat } from './redact-envelope.ts';

/** Which messages a command applies to. A missing field does not restrict. */
export interface MessageFilter {
  /** Any of these detail-types. */
  readonly types?: readonly string[];
  /** Any of these sessions. */
  readonly sessions?: readonly string[];
  /** Any of these chats, in any spelling of the address. */
  readonly chats?: readonly string[];
  /** Part of the error, in any case. */
  readonly error?: string;
  /** Sent at this time or later, in epoch milliseconds. */
  readonly since?: number;
}

/** Creates the predicate for a filter. */
export function createFilter(filter: MessageFilter): (message: DeadLetterMessage) => boolean {
  const { types, sessions, since } = filter;
  const chats = filter.chats?.map(sameSpelling);
  const error = filter.error?.toLowerCase();
  return (message) =>
    isAnyOf(types, message.type) &&
    isAnyOf(sessions, message.session) &&
    isAnyOf(chats, message.chat === undefined ? undefined : sameSpelling(message.chat)) &&
    (error === undefined || message.failure.error.toLowerCase().includes(error)) &&
    (since === undefined || message.sentAt >= since);
}

/** The filter for the audit log, without phone numbers; undefined if there is none. */
export function describeFilter(filter: MessageFilter): Record<string, unknown> | undefined {
  const { chats, since, ...rest } = filter;
  const described = {
    ...rest,
    ...(chats && { chats: chats.map((chat) => hideChat(sameSpelling(chat))) }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
  };
  const given = Object.entries(described).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/**
 * Normalizes an address: `+12025550142`, `12025550142@s.whatsapp.net` and `12025550142@c.us` become the same.
 */
export function sameSpelling(chat: string): string {
  const phone = /^\+?([1-9]\d{4,14})$/.exec(chat)?.[1];
  return readAddress(phone === undefined ? chat : `${phone}@c.us`)?.id ?? chat;
}

const isAnyOf = (wanted: readonly string[] | undefined, value: string | undefined) =>
  wanted === undefined || (value !== undefined && wanted.includes(value));

/** Every category that an event on the bus can have. */
export const categoryNames: readonly string[] = [...categories, unrecognized.category];

/** Which events are shown. A missing field does not restrict. */
interface TailFilter {
  /** Detail-types; a trailing `*` matches every suffix. */
  readonly types?: readonly string[];
  readonly categories?: readonly string[];
  readonly sessions?: readonly string[];
  /** Chats, in any spelling of the address. */
  readonly chats?: readonly string[];
  readonly fromMe?: boolean;
}

/** The event pattern for the filter, as JSON. */
export function tailPattern(filter: TailFilter): string {
  const { types, categories, sessions, chats, fromMe } = filter;
  const meta = {
    ...(categories && { category: categories }),
    ...(sessions && { session: sessions }),
    ...(chats && { chat: chats.map(sameSpelling) }),
    ...(fromMe !== undefined && { fromMe: [fromMe] }),
  };
  return JSON.stringify({
    source: [eventSource],
    ...(types && { 'detail-type': types.map(typeCondition) }),
    ...(Object.keys(meta).length > 0 && { detail: { meta } }),
  });
}

const typeCondition = (type: string) => (type.endsWith('*') ? { prefix: type.slice(0, -1) } : type);
