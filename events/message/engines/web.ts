import { readAddress } from '../../address.ts';
import { safeName } from '../../drift.ts';
import { toInstant } from '../../instant.ts';
import { readMessageId } from '../../message-id.ts';
import { own, ownText, present, presentOrNone } from '../../own.ts';
import type { ContentParts } from '../content-data.ts';
import type { Content } from '../contents.ts';
import type { MediaFacts } from '../media.ts';
import { readMoney } from '../money.ts';
import type { EngineLocation, EngineQuote, EngineReading } from './engine-reading.ts';
import { isEnum, isObject, listOf, readCount, readPositive, readSeconds } from './raw-value.ts';
import { readButtons, readChoice, readInteractive } from './web-buttons.ts';

/**
 * The names of an engine that is built on WhatsApp Web: the values of `type`, and the fields that differ
 * between the two browser engines.
 */
export interface WebWords {
  /** The content for each value of `type`. */
  readonly types: Readonly<Record<string, Content>>;
  /** Fields that may contain the text of a message. The first existing one is used. */
  readonly text: readonly string[];
}

/** Reads a message model. `hasMedia`: whether the sender reports a file. */
export type WebReader = (raw: unknown, hasMedia: boolean) => EngineReading;

/** Values of `type` for content that this device cannot show. */
const unavailableTypes: ReadonlyMap<string, ContentParts['unavailable']> = new Map([
  ['ciphertext', 'undecryptable'],
  ['oversized', 'unsupported'],
  ['unknown', 'unsupported'],
]);

/** Values of `subtype` for a change of the time after which messages disappear. */
const timerSubtypes: ReadonlySet<unknown> = new Set([
  'change_ephemeral_setting',
  'disappearing_mode',
  'ephemeral',
  'ephemeral_setting',
]);

/** Creates a reader of WhatsApp Web's message model, which WEBJS and WPP put into `_data`. */
export function createWebReader({ types, text }: WebWords): WebReader {
  const body = (raw: unknown): string | undefined => {
    for (const name of text) {
      const found = ownText(raw, name);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  };

  return (raw, hasMedia) => {
    const type = ownText(raw, 'type');
    if (type === undefined) {
      return {};
    }
    const content = Object.hasOwn(types, type) ? types[type] : undefined;
    if (content === undefined) {
      return { content: 'other', unknown: `type.${safeName(type)}` };
    }
    return present({
      ...readContent({ raw, content, body: body(raw), hasMedia }),
      ...readContext(raw),
      ...(content === 'unavailable' || content === 'system' ? undefined : readAssociation(raw)),
    });
  };
}

interface WebMessage {
  readonly raw: unknown;
  readonly content: Content;
  readonly body: string | undefined;
  readonly hasMedia: boolean;
}

function readContent({ raw, content, body, hasMedia }: WebMessage): EngineReading {
  const buttons = readButtons(raw);
  if (buttons.length > 0 && content !== 'choice') {
    return readInteractive(raw, body, buttons);
  }
  switch (content) {
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'sticker':
    case 'document':
      return isOnlyNotice(raw, hasMedia)
        ? { content: 'unavailable', unavailable: 'view-once' }
        : readFile(raw, content);
    case 'location':
    case 'live-location':
      return present({
        content: own(raw, 'isLive') === true ? 'live-location' : content,
        body: ownText(raw, 'comment'),
        location: readPlace(raw),
      });
    case 'contacts':
      return { content, vcards: readCards(raw) };
    case 'choice':
      return readChoice(raw, body);
    case 'poll':
      return readPoll(raw);
    case 'event':
      return present({ content, body: ownText(raw, 'eventName') });
    case 'interactive':
      return readInteractive(raw, body, buttons);
    case 'order':
      return readOrder(raw);
    case 'product':
      return readProduct(raw);
    case 'album':
      return {
        content,
        album: {
          images: readCount(own(raw, 'expectedImageCount')) ?? 0,
          videos: readCount(own(raw, 'expectedVideoCount')) ?? 0,
        },
      };
    case 'group-invite':
      return present({
        content,
        body: ownText(raw, 'comment') ?? ownText(raw, 'caption'),
        groupInvite: present({
          group: readAddress(own(raw, 'inviteGrp')),
          name: ownText(raw, 'inviteGrpName'),
          code: ownText(raw, 'inviteCode'),
          expiresAt: toInstant(readCount(own(raw, 'inviteCodeExp'))),
        }),
      });
    case 'pin':
      return {
        content,
        pin: present({
          target: readMessageId(own(raw, 'pinParentKey'))?.id,
          pinned: !isEnum(own(raw, 'pinMessageType'), 'UNPIN_FOR_ALL', 2),
        }),
      };
    case 'system':
      return { content, system: readNotice(raw) };
    case 'unavailable':
      return { content, unavailable: readUnavailable(raw) };
    default:
      return present({ content, body });
  }
}

/** Whether there is only the notice of a view-once file: a companion device may not get its link. */
function isOnlyNotice(raw: unknown, hasMedia: boolean): boolean {
  return (
    own(raw, 'isViewOnce') === true &&
    !hasMedia &&
    !ownText(raw, 'directPath') &&
    !ownText(raw, 'mediaKey')
  );
}

function readFile(raw: unknown, content: Content): EngineReading {
  const media: MediaFacts = present({
    mimetype: ownText(raw, 'mimetype'),
    filename: ownText(raw, 'filename'),
    bytes: readPositive(own(raw, 'size')),
    seconds: readSeconds(own(raw, 'duration')),
    width: readPositive(own(raw, 'width')),
    height: readPositive(own(raw, 'height')),
    pages: readPositive(own(raw, 'pageCount')),
    animated: own(raw, 'isGif') === true || own(raw, 'isAnimated') === true ? true : undefined,
  });
  return present({
    content,
    body: ownText(raw, 'caption'),
    media,
    viewOnce: own(raw, 'isViewOnce') === true ? (true as const) : undefined,
  });
}

/** Reads a location. Its name and address are two lines of one text. */
function readPlace(raw: unknown): EngineLocation {
  const [name, address] = ownText(raw, 'loc')?.slice(0, 4_096).split('\n') ?? [];
  return present({
    latitude: own(raw, 'lat'),
    longitude: own(raw, 'lng'),
    live: own(raw, 'isLive') === true,
    name: name || undefined,
    address: address || undefined,
    url: ownText(raw, 'clientUrl'),
  });
}

/** Reads contact cards. A single card is in the body; several are a list. */
function readCards(raw: unknown) {
  const list = listOf(own(raw, 'vcardList'));
  return list.length > 0
    ? list.map((card) =>
        present({ name: ownText(card, 'displayName'), vcard: ownText(card, 'vcard') }),
      )
    : [present({ name: ownText(raw, 'vcardFormattedName'), vcard: ownText(raw, 'body') })];
}

function readPoll(raw: unknown): EngineReading {
  const question = ownText(raw, 'pollName');
  return present({
    content: 'poll',
    body: question,
    poll: present({
      question,
      options: listOf(own(raw, 'pollOptions')).flatMap((option) => ownText(option, 'name') ?? []),
      selectable: readCount(own(raw, 'pollSelectableOptionsCount')) ?? 0,
    }),
  });
}

function readOrder(raw: unknown): EngineReading {
  return present({
    content: 'order',
    body: ownText(raw, 'message'),
    order: present({
      id: ownText(raw, 'orderId'),
      title: ownText(raw, 'orderTitle'),
      itemCount: readCount(own(raw, 'itemCount')),
      total: readMoney(own(raw, 'totalAmount1000'), own(raw, 'totalCurrencyCode')),
      token: ownText(raw, 'token'),
    }),
  });
}

function readProduct(raw: unknown): EngineReading {
  return present({
    content: 'product',
    product: present({
      id: ownText(raw, 'productId'),
      title: ownText(raw, 'title'),
      description: ownText(raw, 'description'),
      price: readMoney(own(raw, 'priceAmount1000'), own(raw, 'currencyCode')),
      retailerId: ownText(raw, 'retailerId'),
      seller: readAddress(own(raw, 'businessOwnerJid')),
    }),
  });
}

function readNotice(raw: unknown): ContentParts['system'] {
  if (timerSubtypes.has(own(raw, 'subtype'))) {
    const [parameter] = listOf(own(raw, 'templateParams'));
    const seconds = readCount(own(raw, 'ephemeralDuration')) ?? readCount(parameter) ?? 0;
    return { notice: 'disappearing-timer', expiresAfterSeconds: seconds };
  }
  return { notice: (ownText(raw, 'type') ?? 'unknown').slice(0, 64) };
}

function readUnavailable(raw: unknown): ContentParts['unavailable'] {
  const subtype = ownText(raw, 'subtype') ?? '';
  if (own(raw, 'isViewOnce') === true || subtype.startsWith('view_once')) {
    return 'view-once';
  }
  return unavailableTypes.get(ownText(raw, 'type') ?? '') ?? 'undecryptable';
}

/** Reads the album that a picture or video belongs to. Its parent may be something else, such as a poll. */
function readAssociation(raw: unknown): EngineReading {
  const type = own(raw, 'associationType');
  const isAlbum = type === 'media_album' || isEnum(type, 'MEDIA_ALBUM', 1);
  return present({ albumId: isAlbum ? readMessageId(own(raw, 'parentMsgKey'))?.id : undefined });
}

function readContext(raw: unknown): EngineReading {
  const mentions = [
    ...listOf(own(raw, 'mentionedJidList')),
    ...listOf(own(raw, 'groupMentions')).map((mention) => own(mention, 'groupJid')),
  ];
  const score = readPositive(own(raw, 'forwardingScore'));
  return present({
    mentions: mentions.length > 0 ? mentions : undefined,
    forwarded: own(raw, 'isForwarded') === true || score ? (score ?? 0) : undefined,
    expiresAfterSeconds: readPositive(own(raw, 'ephemeralDuration')),
    referral: readReferral(raw),
    quoted: readQuote(raw),
  });
}

function readReferral(raw: unknown): EngineReading['referral'] {
  const ad = own(raw, 'ctwaContext');
  if (!isObject(ad)) {
    return undefined;
  }
  const entryPoint =
    ownText(ad, 'entryPointConversionSource') ?? ownText(raw, 'entryPointConversionSource');
  const clickId = ownText(ad, 'ctwaClid');
  const sourceId = ownText(ad, 'sourceId');
  const isAd = clickId !== undefined || sourceId !== undefined || entryPoint === 'ctwa_ad';
  const source = ownText(ad, 'sourceType') ?? (isAd ? 'ad' : undefined);
  if (source === undefined) {
    return undefined;
  }
  return present({
    source,
    sourceId,
    url: ownText(ad, 'sourceUrl'),
    headline: ownText(ad, 'title'),
    text: ownText(ad, 'description') ?? ownText(ad, 'body'),
    clickId,
    app:
      ownText(ad, 'sourceApp') ??
      ownText(ad, 'entryPointConversionApp') ??
      ownText(raw, 'entryPointConversionApp'),
    entryPoint,
  });
}

function readQuote(raw: unknown): EngineQuote | undefined {
  const id = ownText(raw, 'quotedStanzaID');
  if (id === undefined) {
    return undefined;
  }
  return presentOrNone({
    id,
    author: own(raw, 'quotedParticipant'),
    chat: own(raw, 'quotedRemoteJid'),
    message: readQuotedMessage(own(raw, 'quotedMsg')),
  });
}

function readQuotedMessage(quoted: unknown): EngineReading | undefined {
  if (!isObject(quoted)) {
    return undefined;
  }
  const file = readFile(quoted, 'other');
  const isFile = file.media?.mimetype !== undefined;
  return present({
    content: isFile ? ('document' as const) : undefined,
    body: isFile ? file.body : (ownText(quoted, 'body') ?? ownText(quoted, 'caption')),
    media: isFile ? file.media : undefined,
  });
}
