import { createHmac } from 'node:crypto';
import { environment } from './environment.ts';

/** Characters of the hash: 72 bits, so that two chats do not look like one. */
const characters = 12;

/**
 * A chat in logs: lines of one chat can be found together, and nobody who has the lines alone learns its
 * number, since the key is in none of them (docs/decisions/chats-as-keyed-hash.md).
 */
export function hashChat(
  chat: string | undefined,
  key = environment.chatHashKey,
): string | undefined {
  if (!chat || !key) return undefined;
  return createHmac('sha256', key).update(chat).digest('base64url').slice(0, characters);
}
