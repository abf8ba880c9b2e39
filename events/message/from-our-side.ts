import { isSame, readAddress } from '../address.ts';
import type { WireContext } from '../kind.ts';
import { includesMe } from '../me.ts';
import type { MessageId } from '../message-id.ts';
import { present } from '../own.ts';
import type { Parties } from './parties.ts';

/**
 * Engines that pass on the key of a message as the other person wrote it: `fromMe` is from their point of
 * view, and the chat of a direct message is this account. whatsmeow does not convert it (Baileys does,
 * `normaliseKey`).
 */
const passesKeysOn: ReadonlySet<string | undefined> = new Set(['GOWS']);

/**
 * The id of a message that somebody names in an event, as this account sees it.
 *
 * @param id as the payload has it
 * @param parties who names it, and in which chat
 */
export function fromOurSide(
  id: MessageId | undefined,
  parties: Parties,
  context: WireContext,
): MessageId | undefined {
  if (!id || id.fromMe === undefined || parties.direction !== 'inbound') {
    return id;
  }
  return parties.chat?.kind === 'user'
    ? fromOurSideDirectly(id, parties, context)
    : fromOurSideInGroup(id, parties, context);
}

/** In a direct chat, a message that the other person names as not theirs is this account's. */
function fromOurSideDirectly(
  id: MessageId,
  { chat, messageId }: Parties,
  { engine, me }: WireContext,
): MessageId {
  const named = readAddress(id.chat);
  const isNamedAsUs = isSame(named, chat) ? false : includesMe([named], me);
  // Where the body does not say enough of this account, the chat is at least not the other person's.
  const isTheirs = isNamedAsUs ?? passesKeysOn.has(engine);
  if (!isTheirs) {
    return id;
  }
  return present({ id: id.id, fromMe: !id.fromMe, chat: messageId?.chat ?? chat?.id ?? id.chat });
}

/** In a group the key names the author, unless the author names their own message. */
function fromOurSideInGroup(
  id: MessageId,
  { author }: Parties,
  { engine, me }: WireContext,
): MessageId {
  if (!passesKeysOn.has(engine)) {
    return id;
  }
  const participant = readAddress(id.participant);
  const isOurs = participant && includesMe([participant], me);
  if (isOurs === id.fromMe) {
    return id;
  }
  return present({
    id: id.id,
    fromMe: participant === undefined && id.fromMe ? false : isOurs,
    chat: id.chat,
    participant: id.participant ?? (id.fromMe ? author?.id : undefined),
  });
}
