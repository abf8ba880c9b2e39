import { readAddress } from '../../events/address.ts';
import { hideChat } from '../redact-envelope.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';

/** Selects messages. An absent field does not restrict the selection. */
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

/** Creates the predicate of a filter. */
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

/** The filter for records that are kept: without phone numbers. Undefined when there is none. */
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

/** One spelling for `+12025550142`, `12025550142@s.whatsapp.net` and `12025550142@c.us`. */
export function sameSpelling(chat: string): string {
  const phone = /^\+?([1-9]\d{4,14})$/.exec(chat)?.[1];
  return readAddress(phone === undefined ? chat : `${phone}@c.us`)?.id ?? chat;
}

const isAnyOf = (wanted: readonly string[] | undefined, value: string | undefined) =>
  wanted === undefined || (value !== undefined && wanted.includes(value));
