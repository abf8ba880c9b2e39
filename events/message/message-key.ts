import type { KeyPart } from '../kind.ts';
import type { Parties } from './parties.ts';

/**
 * What identifies a message within its session: who wrote it as seen from this account, and the bare
 * id. The chat is part of it only where its address has one form: a direct chat may be named by phone
 * number in one copy of a message and by hidden id in the other.
 */
export function messageKeyParts(parties: Parties): readonly KeyPart[] {
  const { messageId, chat, direction } = parties;
  return [messageId?.id, direction ?? 'unknown', chat && chat.kind !== 'user' ? chat.id : 'direct'];
}
