import { readAddress } from '../../address.ts';
import { safeName } from '../../drift.ts';
import { toInstant } from '../../instant.ts';
import { own, ownText } from '../../own.ts';
import { present, presentOrNone } from '../../present.ts';
import type { Content, ContentParts } from '../content-data.ts';
import type { MediaFacts } from '../media.ts';
import { readMoney } from '../money.ts';
import { readFlowButtons, readFlowChoice } from '../native-flow.ts';
import type { EngineLocation, EngineQuote, EngineReading } from './engine-reading.ts';
import { isEnum, isObject, listOf, readCount, readPositive, readSeconds } from './raw-value.ts';
import type { Field, Spelling } from './spelling.ts';

/** Reads messages of WhatsApp's own format, which NOWEB and GOWS pass on in two spellings. */
export interface ProtoReader {
  /** What a `waE2E.Message` says. */
  readMessage(message: unknown): EngineReading;
  /** Bare id of the message that a `waE2E.Message` changes or deletes, at whatever depth it says so. */
  readTargetId(message: unknown): string | undefined;
}

/** Wrappers of which one may be in another: `FutureProofMessage`, and what one's own device sent. */
const wrappers: ReadonlySet<string> = new Set([
  'associatedChildMessage',
  'botForwardedMessage',
  'botInvokeMessage',
  'botTaskMessage',
  'deviceSentMessage',
  'documentWithCaptionMessage',
  'editedMessage',
  'ephemeralMessage',
  'eventCoverImage',
  'groupMentionedMessage',
  'groupStatusMentionMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'lottieStickerMessage',
  'pollCreationMessageV4',
  'pollCreationOptionImageMessage',
  'questionMessage',
  'questionReplyMessage',
  'spoilerMessage',
  'statusAddYours',
  'statusMentionMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
]);

/** Fields beside the content. */
const besides: ReadonlySet<string> = new Set([
  'fastRatchetKeySenderKeyDistributionMessage',
  'messageContextInfo',
  'senderKeyDistributionMessage',
]);

/** Contents that are known, and become `other`. */
const known: ReadonlySet<string> = new Set([
  'bcallMessage',
  'botPlatformRegistrationSuccessMessage',
  'call',
  'callLogMesssage',
  'cancelPaymentRequestMessage',
  'chat',
  'commentMessage',
  'conditionalRevealMessage',
  'declinePaymentRequestMessage',
  'encCommentMessage',
  'encEventResponseMessage',
  'encReactionMessage',
  'eventInviteMessage',
  'groupRootKeyShare',
  'invoiceMessage',
  'keepInChatMessage',
  'limitSharingMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
  'musicMessage',
  'newsletterAdminInviteMessage',
  'newsletterAdminProfileMessage',
  'newsletterAdminProfileStatusMessage',
  'newsletterFollowerInviteMessageV2',
  'paymentInviteMessage',
  'paymentReminderMessage',
  'pollAddOptionMessage',
  'pollResultSnapshotMessage',
  'pollResultSnapshotMessageV3',
  'pollUpdateMessage',
  'questionResponseMessage',
  'reactionMessage',
  'requestPaymentMessage',
  'requestPhoneNumberMessage',
  'richResponseMessage',
  'rootSecretDistributeMessage',
  'scheduledCallCreationMessage',
  'scheduledCallEditMessage',
  'sendPaymentMessage',
  'splitPaymentMessage',
  'splitPaymentUpdateMessage',
  'statusLinkPreviewMetadata',
  'statusNotificationMessage',
  'statusQuestionAnswerMessage',
  'statusQuotedMessage',
  'statusStickerInteractionMessage',
  'stickerPackMessage',
  'stickerSyncRmrMessage',
]);

/** `ProtocolMessage.Type`, by number. */
const notices: ReadonlyMap<unknown, string> = new Map([
  [0, 'REVOKE'],
  [3, 'EPHEMERAL_SETTING'],
  [4, 'EPHEMERAL_SYNC_RESPONSE'],
  [5, 'HISTORY_SYNC_NOTIFICATION'],
  [11, 'SHARE_PHONE_NUMBER'],
  [14, 'MESSAGE_EDIT'],
  [18, 'REQUEST_WELCOME_MESSAGE'],
  [23, 'REMINDER_MESSAGE'],
  [25, 'STATUS_MENTION_MESSAGE'],
  [27, 'LIMIT_SHARING'],
  [30, 'GROUP_MEMBER_LABEL_CHANGE'],
]);

/** Wrappers in each other at most; WhatsApp's own clients use three. */
const maxWrappers = 8;

/** A reading without any field. */
const nothing: EngineReading = {};

type Interactive = NonNullable<ContentParts['interactive']>;
type Button = Interactive['buttons'][number];

/** Makes a reader for one engine's spelling. */
export function createProtoReader(spelling: Spelling): ProtoReader {
  const paths = Object.fromEntries(
    Object.entries(spelling).map(([name, field]: [string, Field]) => [
      name,
      (typeof field === 'string' ? [field] : field).map((path) => path.split('.')),
    ]),
  ) as unknown as { readonly [Name in keyof Spelling]: readonly (readonly string[])[] };

  /** The value of a field, wherever this engine has it. */
  function get(value: unknown, name: keyof Spelling): unknown {
    for (const path of paths[name]) {
      const found = own(value, ...path);
      if (found !== undefined && found !== null) {
        return found;
      }
    }
    return undefined;
  }

  function text(value: unknown, name: keyof Spelling): string | undefined {
    const found = get(value, name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  }

  const mediaFacts = (part: unknown): MediaFacts =>
    present({
      mimetype: ownText(part, 'mimetype'),
      filename: ownText(part, 'fileName'),
      bytes: readPositive(own(part, 'fileLength')),
      seconds: readSeconds(own(part, 'seconds')),
      width: readPositive(own(part, 'width')),
      height: readPositive(own(part, 'height')),
      pages: readPositive(own(part, 'pageCount')),
      animated:
        own(part, 'gifPlayback') === true ||
        own(part, 'isAnimated') === true ||
        own(part, 'isLottie') === true
          ? true
          : undefined,
    });

  const media = (content: Content) => (part: unknown) =>
    present({
      content,
      body: ownText(part, 'caption'),
      media: mediaFacts(part),
      viewOnce: own(part, 'viewOnce') === true ? (true as const) : undefined,
    });

  const place = (part: unknown): EngineLocation =>
    present({
      latitude: own(part, 'degreesLatitude'),
      longitude: own(part, 'degreesLongitude'),
      name: ownText(part, 'name'),
      address: ownText(part, 'address'),
      url: text(part, 'url'),
    });

  const poll = (part: unknown): EngineReading =>
    present({
      content: 'poll',
      body: ownText(part, 'name'),
      poll: present({
        question: ownText(part, 'name'),
        options: listOf(own(part, 'options')).flatMap(
          (option) => ownText(option, 'optionName') ?? [],
        ),
        selectable: readCount(own(part, 'selectableOptionsCount')) ?? 0,
      }),
    });

  function interactive(part: unknown): EngineReading {
    const header = own(part, 'header');
    const cards = listOf(get(part, 'cards'));
    return present({
      content: 'interactive',
      body: ownText(part, 'body', 'text'),
      interactive: present({
        header: ownText(header, 'title'),
        footer: ownText(part, 'footer', 'text'),
        buttons: [part, ...cards].flatMap(flowButtons),
      }),
    });
  }

  const flowButtons = (part: unknown): Button[] =>
    listOf(own(get(part, 'nativeFlow'), 'buttons')).flatMap((button) =>
      readFlowButtons(own(button, 'name'), get(button, 'buttonParamsJson')),
    );

  function buttons(part: unknown): EngineReading {
    return present({
      content: 'interactive',
      body: ownText(part, 'contentText'),
      interactive: present({
        header: text(part, 'headerText'),
        footer: ownText(part, 'footerText'),
        buttons: listOf(own(part, 'buttons')).map((button) =>
          present({
            type: 'quick_reply',
            title: ownText(button, 'buttonText', 'displayText'),
            id: text(button, 'buttonId'),
          }),
        ),
      }),
    });
  }

  function list(part: unknown): EngineReading {
    const rows = listOf(own(part, 'sections')).flatMap((section) => listOf(own(section, 'rows')));
    return present({
      content: 'interactive',
      body: ownText(part, 'description') ?? ownText(part, 'title'),
      interactive: present({
        header: ownText(part, 'description') ? ownText(part, 'title') : undefined,
        footer: ownText(part, 'footerText'),
        buttons: [
          present({ type: 'single_select', title: ownText(part, 'buttonText') }),
          ...rows.map((row) =>
            present({
              type: 'row',
              title: ownText(row, 'title'),
              id: text(row, 'rowId'),
              value: ownText(row, 'description'),
            }),
          ),
        ],
      }),
    });
  }

  function template(part: unknown): EngineReading {
    const nested = get(part, 'interactiveTemplate');
    if (isObject(nested)) {
      return interactive(nested);
    }
    const hydrated = get(part, 'hydratedTemplate');
    return present({
      content: 'interactive',
      body: ownText(hydrated, 'hydratedContentText'),
      interactive: present({
        header: text(hydrated, 'hydratedTitle'),
        footer: ownText(hydrated, 'hydratedFooterText'),
        buttons: listOf(own(hydrated, 'hydratedButtons')).flatMap(templateButton),
      }),
    });
  }

  function templateButton(button: unknown): Button[] {
    const reply = get(button, 'quickReplyButton');
    const url = get(button, 'urlButton');
    const call = get(button, 'callButton');
    const title = ownText(reply ?? url ?? call, 'displayText');
    if (reply) {
      return [present({ type: 'quick_reply', title, id: text(reply, 'quickReplyId') })];
    }
    if (url) {
      return [present({ type: 'cta_url', title, value: text(url, 'url') })];
    }
    return call ? [present({ type: 'cta_call', title, value: ownText(call, 'phoneNumber') })] : [];
  }

  function nativeFlowResponse(part: unknown): EngineReading {
    const response = get(part, 'nativeFlowResponse');
    const body = ownText(part, 'body', 'text');
    const choice = readFlowChoice(own(response, 'name'), get(response, 'paramsJson'), body);
    return present({ content: 'choice', body: body ?? choice.title, choice });
  }

  function protocol(part: unknown, depth: number): EngineReading {
    const type = own(part, 'type');
    const edited = own(part, 'editedMessage');
    if (isEnum(type, 'MESSAGE_EDIT', 14) && isObject(edited)) {
      return read(edited, depth + 1);
    }
    if (isEnum(type, 'EPHEMERAL_SETTING', 3)) {
      const seconds = readCount(own(part, 'ephemeralExpiration')) ?? 0;
      const system = { notice: 'disappearing-timer', expiresAfterSeconds: seconds };
      return { content: 'system', system };
    }
    // Some encoders omit a type of 0.
    const notice = notices.get(type ?? 0) ?? ownText(part, 'type') ?? `protocol-${Number(type)}`;
    return { content: 'system', system: { notice: notice.slice(0, 64) } };
  }

  /** `SecretEncType`: 1, 2 and 4 are edits, and so is what does not say its type. */
  function secret(part: unknown): EngineReading {
    const type = own(part, 'secretEncType');
    const isOther = isEnum(type, 'MESSAGE_SCHEDULE', 3) || isEnum(type, 'POLL_ADD_OPTION', 5);
    return present({
      content: 'unavailable',
      unavailable: isOther ? ('undecryptable' as const) : ('undecryptable-edit' as const),
      target: isOther ? undefined : text(own(part, 'targetMessageKey'), 'keyId'),
    });
  }

  /** What each field of a message is. */
  const rules: Readonly<Record<string, (part: unknown, depth: number) => EngineReading>> = {
    conversation: (part) => (typeof part === 'string' ? { content: 'text', body: part } : nothing),
    extendedTextMessage: (part) => present({ content: 'text', body: ownText(part, 'text') }),
    imageMessage: media('image'),
    videoMessage: media('video'),
    ptvMessage: media('video'),
    stickerMessage: media('sticker'),
    documentMessage: media('document'),
    audioMessage: (part) => media(get(part, 'ptt') === true ? 'voice' : 'audio')(part),
    locationMessage: (part) =>
      present({
        content: own(part, 'isLive') === true ? 'live-location' : 'location',
        body: ownText(part, 'comment'),
        location: { ...place(part), live: own(part, 'isLive') === true },
      }),
    liveLocationMessage: (part) =>
      present({
        content: 'live-location',
        body: ownText(part, 'caption'),
        location: { ...place(part), live: true },
      }),
    contactMessage: (part) => ({ content: 'contacts', vcards: [card(part)] }),
    contactsArrayMessage: (part) => ({
      content: 'contacts',
      vcards: listOf(own(part, 'contacts')).map(card),
    }),
    pollCreationMessage: poll,
    pollCreationMessageV2: poll,
    pollCreationMessageV3: poll,
    pollCreationMessageV5: poll,
    pollCreationMessageV6: poll,
    eventMessage: (part) => present({ content: 'event', body: ownText(part, 'name') }),
    buttonsResponseMessage: (part) => {
      const title = text(part, 'selectedButtonText');
      const id = text(part, 'selectedButtonId');
      return present({
        content: 'choice',
        body: title,
        choice: present({ by: 'button' as const, id, title }),
      });
    },
    templateButtonReplyMessage: (part) => {
      const title = ownText(part, 'selectedDisplayText');
      const id = text(part, 'selectedId');
      return present({
        content: 'choice',
        body: title,
        choice: present({ by: 'template' as const, id, title }),
      });
    },
    listResponseMessage: (part) => {
      const title = ownText(part, 'title');
      const id = text(part, 'selectedRowId');
      const description = ownText(part, 'description');
      return present({
        content: 'choice',
        body: title,
        choice: present({ by: 'list' as const, id, title, description }),
      });
    },
    interactiveResponseMessage: nativeFlowResponse,
    interactiveMessage: interactive,
    buttonsMessage: buttons,
    listMessage: list,
    templateMessage: template,
    highlyStructuredMessage: (part) => template(own(part, 'hydratedHsm')),
    orderMessage: (part) =>
      present({
        content: 'order',
        body: ownText(part, 'message'),
        order: present({
          id: text(part, 'orderId'),
          title: ownText(part, 'orderTitle'),
          itemCount: readCount(own(part, 'itemCount')),
          total: readMoney(own(part, 'totalAmount1000'), own(part, 'totalCurrencyCode')),
          token: ownText(part, 'token'),
        }),
      }),
    productMessage: (part) => {
      const product = own(part, 'product');
      return present({
        content: 'product',
        body: ownText(part, 'body'),
        product: present({
          id: text(product, 'productId'),
          title: ownText(product, 'title'),
          description: ownText(product, 'description'),
          price: readMoney(own(product, 'priceAmount1000'), own(product, 'currencyCode')),
          retailerId: text(product, 'retailerId'),
          seller: readAddress(get(part, 'businessOwnerJid')),
        }),
      });
    },
    albumMessage: (part) => ({
      content: 'album',
      album: {
        images: readCount(own(part, 'expectedImageCount')) ?? 0,
        videos: readCount(own(part, 'expectedVideoCount')) ?? 0,
      },
    }),
    groupInviteMessage: (part) =>
      present({
        content: 'group-invite',
        body: ownText(part, 'caption'),
        groupInvite: present({
          group: readAddress(get(part, 'groupJid')),
          name: ownText(part, 'groupName'),
          code: ownText(part, 'inviteCode'),
          expiresAt: toInstant(readCount(own(part, 'inviteExpiration'))),
        }),
      }),
    pinInChatMessage: (part) => ({
      content: 'pin',
      pin: present({
        target: text(own(part, 'key'), 'keyId'),
        pinned: !isEnum(own(part, 'type'), 'UNPIN_FOR_ALL', 2),
      }),
    }),
    protocolMessage: protocol,
    secretEncryptedMessage: secret,
    placeholderMessage: () => ({ content: 'unavailable', unavailable: 'unsupported' }),
  };

  const card = (part: unknown) =>
    present({ name: ownText(part, 'displayName'), vcard: ownText(part, 'vcard') });

  function read(message: unknown, depth: number, isQuoted = false): EngineReading {
    if (!isObject(message) || depth > maxWrappers) {
      return nothing;
    }
    const albumId = readAlbumId(message);
    for (const name of Object.keys(message)) {
      const part = own(message, name);
      if (part === null || part === undefined || part === '' || besides.has(name)) {
        continue;
      }
      const inner = wrappers.has(name) ? own(part, 'message') : undefined;
      const rule = inner === undefined && Object.hasOwn(rules, name) ? rules[name] : undefined;
      const reading =
        inner !== undefined
          ? read(inner, depth + 1, isQuoted)
          : (rule?.(part, depth) ?? (known.has(name) ? { content: 'other' as const } : undefined));
      if (reading === undefined) {
        return { content: 'other', unknown: `${paths.message[0]?.[0]}.${safeName(name)}` };
      }
      return present({
        ...reading,
        ...(rule && !isQuoted ? readContext(own(part, 'contextInfo')) : undefined),
        albumId: albumId ?? reading.albumId,
        viewOnce: name.startsWith('viewOnceMessage') ? (true as const) : reading.viewOnce,
      });
    }
    return nothing;
  }

  /** `MessageAssociation.AssociationType` has other associations, such as the same picture in HD. */
  function readAlbumId(message: object): string | undefined {
    const association = own(message, 'messageContextInfo', 'messageAssociation');
    return isEnum(own(association, 'associationType'), 'MEDIA_ALBUM', 1)
      ? text(own(association, 'parentMessageKey'), 'keyId')
      : undefined;
  }

  function readContext(info: unknown): EngineReading | undefined {
    if (!isObject(info)) {
      return undefined;
    }
    const mentions = [
      ...listOf(get(info, 'mentionedJid')),
      ...listOf(own(info, 'groupMentions')).map((mention) => get(mention, 'groupJid')),
    ];
    return present({
      mentions: mentions.length > 0 ? mentions : undefined,
      forwarded:
        own(info, 'isForwarded') === true || readPositive(own(info, 'forwardingScore'))
          ? (readCount(own(info, 'forwardingScore')) ?? 0)
          : undefined,
      expiresAfterSeconds: readPositive(own(info, 'expiration')),
      referral: readReferral(info),
      quoted: readQuote(info),
    });
  }

  function readReferral(info: object): EngineReading['referral'] {
    const ad = own(info, 'externalAdReply');
    const entryPoint = ownText(info, 'entryPointConversionSource');
    const clickId = ownText(ad, 'ctwaClid');
    const isAd = clickId !== undefined || entryPoint === 'ctwa_ad';
    const source = ownText(ad, 'sourceType') ?? (isAd ? 'ad' : undefined);
    // Without a source it is a preview that anybody can put over a link.
    if (source === undefined) {
      return undefined;
    }
    return present({
      source,
      sourceId: text(ad, 'sourceId'),
      url: text(ad, 'sourceUrl'),
      headline: ownText(ad, 'title'),
      text: ownText(ad, 'body'),
      clickId,
      app: ownText(ad, 'sourceApp') ?? ownText(info, 'entryPointConversionApp'),
      entryPoint,
    });
  }

  function readQuote(info: object): EngineQuote | undefined {
    const id = text(info, 'stanzaId');
    if (id === undefined) {
      return undefined;
    }
    const quoted = own(info, 'quotedMessage');
    return presentOrNone({
      id,
      author: own(info, 'participant'),
      chat: get(info, 'remoteJid'),
      // Its own context is not looked at: an answer to an answer is not needed.
      message: isObject(quoted) ? onlyContent(read(quoted, 1, true)) : undefined,
    });
  }

  function readTargetId(message: unknown, depth = 0): string | undefined {
    if (!isObject(message) || depth > maxWrappers) {
      return undefined;
    }
    const key =
      own(message, 'protocolMessage', 'key') ??
      own(message, 'secretEncryptedMessage', 'targetMessageKey');
    const id = text(key, 'keyId');
    if (id !== undefined) {
      return id;
    }
    for (const name of Object.keys(message)) {
      const inner = wrappers.has(name) ? own(message, name, 'message') : undefined;
      const found = inner === undefined ? undefined : readTargetId(inner, depth + 1);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  return { readMessage: (message) => read(message, 0), readTargetId };
}

function onlyContent({ content, body, media }: EngineReading): EngineReading {
  return present({ content, body, media });
}
