import type { Address } from '../address.ts';
import type { FactIdentity } from '../fact-key.ts';
import type { Parties } from './parties.ts';

/**
 * What identifies a message, or what has a message id of its own, within its session: the bare id and the
 * direction, then the chat and the author. A bare id alone does not: the author chooses it.
 */
export function messageIdentity(message: Parties): FactIdentity {
  const { messageId, direction, chat } = message;
  return {
    parts: [messageId?.id, direction ?? 'unknown'],
    parties: [chat, authorIn(message, message.author)],
  };
}

/**
 * The author, where chat and direction do not say it: a direct chat has one other person, and what goes
 * out is this account's.
 */
export function authorIn(
  { chat, direction }: Pick<Parties, 'chat' | 'direction'>,
  author: Address | undefined,
): Address | undefined {
  return direction === 'outbound' || chat?.kind === 'user' ? undefined : author;
}

interface Named {
  readonly messageId?: unknown;
  readonly chat?: unknown;
}

/** What an event about a message must name at least. An id that is a published placeholder names one too. */
export const ofSomeMessage = {
  isIdentified: (data: Named, payload: { readonly id?: unknown }): boolean =>
    data.messageId !== undefined || data.chat !== undefined || Boolean(payload.id),
  about: 'a message id or a chat',
};
