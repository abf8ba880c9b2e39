import { readAck } from '../ack.ts';
import { type Address, readAddress } from '../address.ts';
import type { WireContext } from '../event-type.ts';
import { toInstant } from '../instant.ts';
import { completeFromMe, includesMe } from '../me.ts';
import { readMessageId } from '../message-id.ts';
import { ownText, present, presentOrNone } from '../own.ts';
import { itemsOf } from '../wire-value.ts';
import type { ContextParts } from './content-data.ts';
import { type Content, mediaContents } from './contents.ts';
import type { EngineCard, EngineQuote, EngineReading } from './engines/engine-reading.ts';
import { readEngine } from './engines/read-engine.ts';
import { readLocation } from './location.ts';
import { readMedia } from './media.ts';
import type { Message } from './message-data.ts';
import { readParties } from './parties.ts';
import { readContacts } from './vcards.ts';
import type { WireMessage } from './wire-message.ts';

/** Reads a message from the payload of any engine or sender. */
export function readMessage(wire: WireMessage, context: WireContext): Message {
  const parties = readParties(wire, context);
  const hasFile = wire.hasMedia === true || Boolean(wire.media?.url) || Boolean(wire.mediaUrl);
  const engine = readEngine(wire._data, context.engine, hasFile);
  const cards = readCards(wire.vCards, engine.vcards);
  const content = readContent(wire, engine, hasFile, cards);
  const isFile = mediaContents.has(content);
  const { choice, poll, order, product, interactive, album, albumId, groupInvite, pin } = engine;
  const vcards = cards.flatMap(({ vcard }) => vcard ?? []);
  return present({
    ...parties,
    sentAt: toInstant(wire.timestamp),
    authorName:
      ownText(wire._data, 'pushName') ??
      ownText(wire._data, 'Info', 'PushName') ??
      ownText(wire._data, 'notifyName'),
    source: readSource(wire.source),
    content,
    ...{ choice, poll, order, product, interactive, album, albumId, groupInvite, pin },
    system: engine.system,
    unavailable: engine.unavailable,
    target: engine.target,
    contacts: cards.length > 0 ? readContacts(cards) : undefined,
    body: readBody(wire, engine, content),
    hasMedia: wire.hasMedia ?? (isFile || hasFile ? true : undefined),
    media: isFile || hasFile ? readMedia(wire.media, wire.mediaUrl, engine.media) : undefined,
    location: readLocation(wire.location) ?? readLocation(engine.location),
    vcards: vcards.length > 0 ? vcards : undefined,
    ...readContext(wire, engine, parties.chat, context.me),
    ack:
      wire.ack === undefined && wire.ackName == null ? undefined : readAck(wire.ack, wire.ackName),
  });
}

/** Reads the source. WAHA knows `api` and `app` only; any other value is ignored. */
export function readSource(source: string | null | undefined): 'api' | 'app' | undefined {
  return source === 'api' || source === 'app' ? source : undefined;
}

/** Reads the content from the engine's object; without one, from WAHA's fields for some contents. */
function readContent(
  wire: WireMessage,
  engine: EngineReading,
  hasFile: boolean,
  cards: readonly EngineCard[],
): Content {
  const place = wire.location?.live === true ? 'live-location' : 'location';
  if (engine.content === 'location') {
    return place;
  }
  if (engine.content !== undefined) {
    return engine.content;
  }
  if (readLocation(wire.location)) {
    return place;
  }
  if (cards.length > 0) {
    return 'contacts';
  }
  if (hasFile || wire.media?.mimetype) {
    return contentOfType(wire.media?.mimetype);
  }
  return wire.body ? 'text' : 'other';
}

/** The content for a media type. It cannot distinguish a voice note from audio, or a sticker from an image. */
function contentOfType(mimetype: string | null | undefined): Content {
  const [type] = mimetype?.split('/', 1) ?? [];
  return type === 'image' || type === 'video' || type === 'audio' ? type : 'document';
}

/** Contents whose text is in the engine's object, but in WAHA's `body` only in some versions. */
const engineTexts: ReadonlySet<Content> = new Set(['choice', 'interactive', 'poll']);

/** Contents without text. `body` is ignored. */
const textless: ReadonlySet<Content> = new Set(['pin', 'system', 'unavailable']);

/** Base64 of a JPEG, which WEBJS writes into the body of a location. */
const jpeg = /^\/9j\/[A-Za-z0-9+/]{60,}={0,2}$/;

const cardPattern = /^\s*BEGIN:VCARD/i;

function readBody(wire: WireMessage, engine: EngineReading, content: Content): string | undefined {
  if (textless.has(content)) {
    return undefined;
  }
  const wireBody = wire.body || undefined;
  const body = engineTexts.has(content)
    ? (engine.body ?? wireBody)
    : (wireBody ?? (engine.body || undefined));
  return content === 'text' ? body : withoutFile(body);
}

/** WEBJS and WPP write the thumbnail of a picture, video or place, or a contact card, where others have text. */
const withoutFile = (body: string | null | undefined): string | undefined =>
  !body || jpeg.test(body) || cardPattern.test(body) ? undefined : body;

/** Reads contact cards. WAHA has the text only; the engine's object also has the name. */
function readCards(
  wire: WireMessage['vCards'],
  engine: readonly EngineCard[] | undefined,
): readonly EngineCard[] {
  if (engine?.length) {
    return engine;
  }
  const cards = itemsOf(wire) ?? [];
  return cards.map((vcard) => ({ vcard }));
}

/** Number of times from which WhatsApp shows a message as "forwarded many times". */
const frequentlyForwarded = 5;

function readContext(
  wire: WireMessage,
  engine: EngineReading,
  chat: Address | undefined,
  me: Address | undefined,
): ContextParts {
  const { forwarded } = engine;
  return {
    ...readMentions(engine.mentions, me),
    forwarded:
      forwarded === undefined
        ? undefined
        : present({
            count: forwarded > 0 ? forwarded : undefined,
            frequently: forwarded >= frequentlyForwarded,
          }),
    expiresAfterSeconds: engine.expiresAfterSeconds,
    viewOnce: engine.viewOnce,
    referral: engine.referral,
    replyTo: readReplyTo(wire.replyTo, engine.quoted, chat, me),
  };
}

/** Reads the mentioned people. This account is completed from the body's `me`. */
export function readMentions(
  mentioned: EngineReading['mentions'],
  me: Address | undefined,
): Pick<ContextParts, 'mentions' | 'mentionsMe'> {
  const mentions = mentioned?.flatMap((each) => completeFromMe(readAddress(each), me) ?? []);
  if (!mentions?.length) {
    return {};
  }
  return { mentions, mentionsMe: includesMe(mentions, me) };
}

/** Reads the quoted message: WAHA's, else the engine's. */
function readReplyTo(
  wire: WireMessage['replyTo'],
  quoted: EngineQuote | undefined,
  chat: Address | undefined,
  me: Address | undefined,
): Message['replyTo'] {
  if (!wire && !quoted) {
    return undefined;
  }
  const facts = quoted?.message?.media;
  const isFile = wire?.hasMedia === true || wire?.media != null || facts !== undefined;
  const reply = presentOrNone({
    messageId: readMessageId(wire?.id)?.id ?? quoted?.id,
    author: completeFromMe(readAddress(wire?.participant ?? quoted?.author, quoted?.author), me),
    body: withoutFile(wire?.body) ?? withoutFile(quoted?.message?.body),
    hasMedia: wire?.hasMedia ?? (isFile ? true : undefined),
    media: isFile ? readMedia(wire?.media, undefined, facts) : undefined,
  });
  return reply && present({ ...reply, chat: readQuotedChat(quoted, chat, me) });
}

/**
 * Reads the chat of the quoted message. If the other person's device wrote it, the chat may be this account.
 */
function readQuotedChat(
  quoted: EngineQuote | undefined,
  chat: Address | undefined,
  me: Address | undefined,
): Address | undefined {
  const named = readAddress(quoted?.chat);
  if (named === undefined || (named.kind === 'user' && chat?.kind === 'user')) {
    return chat;
  }
  return named.kind === 'user' && includesMe([named], me) === true ? chat : named;
}
