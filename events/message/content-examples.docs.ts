import type { Example } from '../event-type-docs.ts';
import type { Content } from './contents.ts';

/** A message of one content, as one engine sends it. */
export interface ContentExample extends Example {
  /** One sentence: what the example shows. */
  readonly summary: string;
}

const noorAddress = '12025550142@c.us';
const us = '447700900100@c.us';

const head = { timestamp: 1767268800, from: noorAddress, fromMe: false, source: 'app' };

/** As NOWEB sends it: Baileys' message in `_data.message`. */
const noweb = (id: string, message: object, wire: object = {}, data: object = {}): Example => ({
  engine: 'NOWEB',
  payload: {
    ...{ id: `false_${noorAddress}_${id}`, ...head, body: null, hasMedia: false, ...wire },
    _data: {
      key: { remoteJid: '12025550142@s.whatsapp.net', fromMe: false, id },
      ...{ messageTimestamp: 1767268800, pushName: 'Noor', message, ...data },
    },
  },
});

/** As GOWS sends it: whatsmeow's message in `_data.Message`. */
const gows = (id: string, message: object, wire: object = {}): Example => ({
  engine: 'GOWS',
  payload: {
    ...{ id: `false_${noorAddress}_${id}`, ...head, body: null, hasMedia: false, ...wire },
    _data: {
      Info: { Chat: '12025550142@s.whatsapp.net', ID: id, PushName: 'Noor' },
      Message: message,
    },
  },
});

/** As WEBJS and WPP send it: WhatsApp Web's message model in `_data`. */
const web = (engine: 'WEBJS' | 'WPP', id: string, model: object, wire: object = {}): Example => ({
  engine,
  payload: {
    ...{ id: `false_${noorAddress}_${id}`, ...head, to: us, body: '', hasMedia: false, ...wire },
    _data: { notifyName: 'Noor', ...model },
  },
});

const card =
  'BEGIN:VCARD\nVERSION:3.0\nFN:Harbour Office\nTEL;waid=447700900123:+44 7700 900123\nEND:VCARD';

/** One example of each content; invented, as all examples. */
export const contentExamples: { readonly [C in Content]: ContentExample } = {
  text: {
    summary: 'A text; in this example in a group of a shop, with a mention of this account.',
    ...noweb(
      '3EB0000000000000C001',
      {
        extendedTextMessage: {
          text: '@118832900000100 are you open tomorrow?',
          contextInfo: { mentionedJid: ['118832900000100@lid'], expiration: 604800 },
        },
      },
      { body: '@118832900000100 are you open tomorrow?' },
    ),
  },
  image: {
    summary: 'A picture; in this example the second of an album.',
    ...noweb(
      '3EB0000000000000C002',
      {
        imageMessage: { mimetype: 'image/jpeg', fileLength: '80111', width: 1200, height: 1600 },
        messageContextInfo: {
          messageAssociation: {
            associationType: 'MEDIA_ALBUM',
            parentMessageKey: { id: '3EB0000000000000C017' },
          },
        },
      },
      {
        hasMedia: true,
        media: {
          url: 'http://localhost:3000/api/files/default/3EB0000000000000C002.jpeg',
          mimetype: 'image/jpeg',
          filename: null,
        },
      },
    ),
  },
  video: {
    summary: 'A video, including round videos and videos that play like a GIF.',
    ...gows(
      '3EB0000000000000C003',
      {
        videoMessage: {
          mimetype: 'video/mp4',
          seconds: 12,
          fileLength: 901234,
          caption: 'High tide',
        },
      },
      {
        hasMedia: true,
        body: 'High tide',
        media: { url: null, mimetype: 'video/mp4', filename: null },
      },
    ),
  },
  audio: {
    summary: 'An attached audio file.',
    ...web(
      'WEBJS',
      '3EB0000000000000C004',
      { type: 'audio', mimetype: 'audio/mpeg', duration: '181', size: 2900123 },
      { hasMedia: true, media: null },
    ),
  },
  voice: {
    summary: 'A voice message.',
    ...gows(
      '3EB0000000000000C005',
      { audioMessage: { mimetype: 'audio/ogg; codecs=opus', seconds: 7, PTT: true } },
      {
        hasMedia: true,
        media: {
          url: 'http://localhost:3000/api/files/default/3EB0000000000000C005.oga',
          mimetype: 'audio/ogg; codecs=opus',
          filename: null,
        },
      },
    ),
  },
  sticker: {
    summary: 'A sticker.',
    ...noweb(
      '3EB0000000000000C006',
      { stickerMessage: { mimetype: 'image/webp', isAnimated: true } },
      { hasMedia: true, media: { url: null, mimetype: 'image/webp', filename: null } },
    ),
  },
  document: {
    summary: 'A document; in this example the sender could not download it.',
    ...gows(
      '3EB0000000000000C007',
      { documentMessage: { mimetype: 'application/pdf', fileName: 'lease.pdf', pageCount: 3 } },
      {
        hasMedia: true,
        media: {
          url: null,
          mimetype: 'application/pdf',
          filename: 'lease.pdf',
          error: {
            code: 13,
            details: 'Error: 13 INTERNAL: download failed with status code 403\n    at x',
          },
        },
      },
    ),
  },
  location: {
    summary: 'A location.',
    ...noweb(
      '3EB0000000000000C008',
      { locationMessage: { degreesLatitude: 51.5033, degreesLongitude: 0.0754, name: 'Harbour' } },
      { location: { latitude: '51.5033', longitude: '0.0754', live: false, name: 'Harbour' } },
    ),
  },
  'live-location': {
    summary: 'A live location, which is updated while the person moves.',
    ...gows('3EB0000000000000C009', {
      liveLocationMessage: { degreesLatitude: 51.5033, degreesLongitude: 0.0754 },
    }),
  },
  contacts: {
    summary: 'One or more contact cards.',
    ...web(
      'WEBJS',
      '3EB0000000000000C010',
      { type: 'vcard', body: card },
      { body: card, vCards: [card] },
    ),
  },
  poll: {
    summary: 'A poll.',
    ...noweb('3EB0000000000000C011', {
      pollCreationMessageV3: {
        name: 'Which boat?',
        options: [{ optionName: 'Row' }, { optionName: 'Sail' }],
        selectableOptionsCount: 1,
      },
    }),
  },
  event: {
    summary: 'An invitation to a calendar event. Answers have the event type `event.response`.',
    ...gows('3EB0000000000000C012', { eventMessage: { name: 'Regatta', startTime: 1767355200 } }),
  },
  choice: {
    summary: 'A selected button or list item, or the answer to a template or a form.',
    ...gows('3EB0000000000000C013', {
      interactiveResponseMessage: {
        body: { text: 'Two seats' },
        InteractiveResponseMessage: {
          NativeFlowResponseMessage: {
            name: 'quick_reply',
            paramsJSON: '{"id":"seats:2","display_text":"Two seats"}',
          },
        },
        contextInfo: { stanzaID: '3EB0000000000000C014', participant: '118832900000100@lid' },
      },
    }),
  },
  interactive: {
    summary: 'Buttons or a list that the author offers.',
    ...noweb('3EB0000000000000C014', {
      interactiveMessage: {
        header: { title: 'Boat hire' },
        body: { text: 'How many seats?' },
        nativeFlowMessage: {
          buttons: [
            {
              name: 'quick_reply',
              buttonParamsJson: '{"display_text":"Two seats","id":"seats:2"}',
            },
          ],
        },
      },
    }),
  },
  order: {
    summary: 'The cart that a customer sends.',
    ...gows('3EB0000000000000C015', {
      orderMessage: {
        ...{ orderID: 'ORD-31', itemCount: 2, message: 'For Friday', orderTitle: 'Boat hire' },
        ...{ token: 'AR-invented', totalAmount1000: 125500, totalCurrencyCode: 'EUR' },
      },
    }),
  },
  product: {
    summary: 'A product of a catalog, usually with a question about it.',
    ...noweb('3EB0000000000000C016', {
      productMessage: {
        product: {
          ...{
            productId: 'P-7',
            title: 'Row boat',
            currencyCode: 'EUR',
            priceAmount1000: '800000',
          },
          retailerId: 'row-7',
        },
        businessOwnerJid: '447700900100@s.whatsapp.net',
      },
    }),
  },
  album: {
    summary:
      'The announcement of an album. The pictures follow as messages with this message’s id in `albumId`.',
    ...web('WEBJS', '3EB0000000000000C017', {
      type: 'album',
      expectedImageCount: 3,
      expectedVideoCount: 1,
    }),
  },
  'group-invite': {
    summary: 'An invitation to a group.',
    ...web('WPP', '3EB0000000000000C018', {
      type: 'groups_v4_invite',
      inviteGrp: '120363020000000042@g.us',
      inviteGrpName: 'Choir',
      inviteCode: 'InventedCode42',
      inviteCodeExp: 1767355200,
    }),
  },
  pin: {
    summary: 'A person pinned or unpinned a message for everyone.',
    ...gows('3EB0000000000000C019', {
      pinInChatMessage: { key: { ID: '3EB0000000000000C011' }, type: 1 },
    }),
  },
  system: {
    summary: 'A notice of WhatsApp; in this example, messages now disappear.',
    ...noweb('3EB0000000000000C020', {
      protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 604800 },
    }),
  },
  unavailable: {
    summary: 'A message that this device cannot show; in this example a view-once picture.',
    ...web('WEBJS', '3EB0000000000000C021', {
      type: 'ciphertext',
      subtype: 'view_once_unavailable_fanout',
    }),
  },
  other: {
    summary: 'Any other content, such as a payment, or content that is new in WhatsApp.',
    ...web('WEBJS', '3EB0000000000000C022', { type: 'payment' }),
  },
};

/** The first message of somebody who came from an ad. */
export const referralExample: Example = noweb(
  '3EB0000000000000C023',
  {
    extendedTextMessage: {
      text: 'Hello! Is the first hour free?',
      contextInfo: {
        externalAdReply: {
          ...{ title: 'Boats', body: 'First hour free', sourceType: 'ad', sourceApp: 'facebook' },
          ...{ sourceId: '12021', sourceUrl: 'https://fb.example/1', ctwaClid: 'invented-click' },
        },
        entryPointConversionSource: 'ctwa_ad',
      },
    },
  },
  { body: 'Hello! Is the first hour free?' },
);
