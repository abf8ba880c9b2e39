import { isSame, readAddress } from '../address.ts';
import type { WireContext } from '../event-type.ts';
import { includesMe } from '../me.ts';
import type { MessageId } from '../message-id.ts';
import { present } from '../own.ts';
import type { Parties } from './parties.ts';

/**
 * Engines that pass on a message key as the other person's device wrote it: `fromMe` is from that person's
 * point of view, and the chat of a direct message is this account. whatsmeow does not convert it (Baileys
 * does, `normaliseKey`).
 */
const passesKeysOn: ReadonlySet<string | undefined> = new Set(['GOWS']);

/**
 * Converts the id of a message that another person's event refers to, to this account's point of view.
 *
 * @param id the id in the payload
 * @param parties who refers to it, and in which chat
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

/** In a direct chat, a message that is not the other person's is this account's. */
function fromOurSideDirectly(
  id: MessageId,
  { chat, messageId }: Parties,
  { engine, me }: WireContext,
): MessageId {
  const named = readAddress(id.chat);
  const isNamedAsUs = isSame(named, chat) ? false : includesMe([named], me);
  // If the body does not identify this account, it is known at least that the chat is not the other person's.
  const isTheirs = isNamedAsUs ?? passesKeysOn.has(engine);
  if (!isTheirs) {
    return id;
  }
  return present({ id: id.id, fromMe: !id.fromMe, chat: messageId?.chat ?? chat?.id ?? id.chat });
}

/** In a group the key contains the author, unless the author refers to their own message. */
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
