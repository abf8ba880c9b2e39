import type { Address } from '../address.ts';
import type { FactIdentity } from '../fact-key.ts';
import type { Parties } from './parties.ts';

/**
 * The identity of a message, or of anything with a message id, within its session: the bare id and the
 * direction, then the chat and the author. A bare id alone is not enough, since the author chooses it.
 */
export function messageIdentity(message: Parties): FactIdentity {
  const { messageId, direction, chat } = message;
  return {
    parts: [messageId?.id, direction ?? 'unknown'],
    parties: [chat, authorIn(message, message.author)],
  };
}

/**
 * The author, if chat and direction do not determine it. A direct chat has one other person, and outbound
 * messages are this account's.
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

/**
 * What an event about a message must contain at least. A placeholder id from published examples is accepted
 * too.
 */
export const ofSomeMessage = {
  isIdentified: (data: Named, payload: { readonly id?: unknown }): boolean =>
    data.messageId !== undefined || data.chat !== undefined || Boolean(payload.id),
  about: 'a message id or a chat',
};
