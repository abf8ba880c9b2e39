import { readAddress } from '../../address.ts';
import { toInstant } from '../../instant.ts';
import { own, ownText, present } from '../../own.ts';
import type { ContentParts } from '../content-data.ts';
import type { Content } from '../contents.ts';
import type { MediaFacts } from '../media.ts';
import { readMoney } from '../money.ts';
import { readFlowButtons, readFlowChoice } from '../native-flow.ts';
import type { EngineLocation, EngineReading } from './engine-reading.ts';
import { notices } from './proto-words.ts';
import { isEnum, isObject, listOf, readCount, readPositive, readSeconds } from './raw-value.ts';
import type { Fields } from './spelling.ts';

type Interactive = NonNullable<ContentParts['interactive']>;
type Button = Interactive['buttons'][number];

/** Reads the content that one field of a `waE2E.Message` holds. */
export type ProtoContent = (part: unknown, depth: number) => EngineReading;

/**
 * Readers for the fields of a `waE2E.Message`, by the field's name in `waE2E.proto`.
 *
 * @param read reads a message inside the message (an edit), one level deeper
 */
export function createProtoContents(
  { get, text }: Fields,
  read: (message: unknown, depth: number) => EngineReading,
): Readonly<Record<string, ProtoContent>> {
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
    // Some encoders omit the type 0.
    const notice = notices.get(type ?? 0) ?? ownText(part, 'type') ?? `protocol-${Number(type)}`;
    return { content: 'system', system: { notice: notice.slice(0, 64) } };
  }

  /**
   * Reads an encrypted message. Of `SecretEncType`, 1, 2 and 4 are edits; a message without a type is one
   * too.
   */
  function secret(part: unknown): EngineReading {
    const type = own(part, 'secretEncType');
    const isOther = isEnum(type, 'MESSAGE_SCHEDULE', 3) || isEnum(type, 'POLL_ADD_OPTION', 5);
    return present({
      content: 'unavailable',
      unavailable: isOther ? ('undecryptable' as const) : ('undecryptable-edit' as const),
      target: isOther ? undefined : text(own(part, 'targetMessageKey'), 'keyId'),
    });
  }

  const card = (part: unknown) =>
    present({ name: ownText(part, 'displayName'), vcard: ownText(part, 'vcard') });

  return {
    conversation: (part) => (typeof part === 'string' ? { content: 'text', body: part } : {}),
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
}
