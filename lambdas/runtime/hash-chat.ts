import { hmac } from '../../events/hmac.ts';
import { environment } from './environment.ts';

/** Characters of the hash: 72 bits, so that two chats do not look like one. */
const characters = 12;

/** Chats whose hash is remembered; what one function instance hears of comes in runs from few chats. */
const mostRemembered = 500;

const remembered = new Map<string, string>();

/**
 * A chat in logs: lines of one chat can be found together, and nobody who has the lines alone learns its
 * number, since the key is in none of them (docs/decisions/chats-as-keyed-hash.md).
 */
export function hashChat(
  chat: string | undefined,
  key = environment.chatHashKey,
): string | undefined {
  if (!chat || !key) return undefined;
  const place = `${key}#${chat}`;
  const known = remembered.get(place);
  if (known) return known;
  const hashed = hmac('sha256', key, chat, 'base64url').slice(0, characters);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(place, hashed);
  return hashed;
}
