import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { catalog } from '../../../events/catalog.ts';
import type { DataOf } from '../../../events/envelope.ts';
import { contents } from '../../../events/message/contents.ts';
import { dataOf } from '../webhook.ts';
import {
  type Engine,
  engines,
  fieldsOf,
  messageOf,
  noor,
  noorAddress,
  nowebData,
  type Wire,
} from './engine-messages.ts';

/** One content as an engine has it, and WAHA's fields beside it. */
type Form = readonly [content: object, wire?: Wire];

interface Example {
  readonly what: string;
  readonly forms: Partial<Record<Engine, Form>>;
  readonly expected: Partial<DataOf<'message'>>;
}

/** The same thing on all engines: WhatsApp Web's words, and its message format in two spellings. */
const web = (form: Form) => ({ WEBJS: form, WPP: form });
const proto = (form: Form) => ({ NOWEB: form, GOWS: form });

const file = { hasMedia: true };
const contactCard = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'N:Office;Harbour;;;',
  'FN:Harbour Office',
  'ORG:Port Authority;Moorings',
  'item1.TEL;type=CELL;waid=447700900123:+44 7700 900123',
  'item1.X-ABLabel:Mobile',
  'TEL;type=WORK:+1 (202) 555-0143',
  'TEL;type=HOME:900124',
  'END:VCARD',
].join('\n');
const harbour = {
  name: 'Harbour Office',
  phones: ['+447700900123', '+12025550143'],
  organization: 'Port Authority',
};
const flow = { screen: 'DATE', answers: { day: 'friday', guests: 4 } };
const boat = { title: 'Row boat', description: 'Seats two' };

const examples: readonly Example[] = [
  {
    what: 'text',
    forms: {
      ...web([{ type: 'chat', body: 'Ahoy' }, { body: 'Ahoy' }]),
      ...proto([{ conversation: 'Ahoy' }, { body: 'Ahoy' }]),
    },
    expected: { content: 'text', body: 'Ahoy' },
  },
  {
    what: 'text with a link, where WAHA gives none',
    forms: proto([{ extendedTextMessage: { text: 'Ahoy https://harbour.example' } }]),
    expected: { content: 'text', body: 'Ahoy https://harbour.example' },
  },
  {
    what: 'a picture with a caption',
    forms: {
      ...web([
        {
          type: 'image',
          caption: 'Low tide',
          mimetype: 'image/jpeg',
          size: 80111,
          width: 1200,
          height: 1600,
          directPath: '/v/x',
        },
        file,
      ]),
      ...proto([
        {
          imageMessage: {
            caption: 'Low tide',
            mimetype: 'image/jpeg',
            fileLength: '80111',
            width: 1200,
            height: 1600,
          },
        },
        file,
      ]),
    },
    expected: {
      content: 'image',
      body: 'Low tide',
      media: { available: false, mimetype: 'image/jpeg', bytes: 80111, width: 1200, height: 1600 },
    },
  },
  {
    what: 'a video that plays like a GIF',
    forms: {
      ...web([
        { type: 'video', isGif: true, mimetype: 'video/mp4', duration: '4', size: 9000 },
        file,
      ]),
      ...proto([
        {
          videoMessage: { mimetype: 'video/mp4', seconds: 4, fileLength: 9000, gifPlayback: true },
        },
        file,
      ]),
    },
    expected: {
      content: 'video',
      media: { available: false, mimetype: 'video/mp4', bytes: 9000, seconds: 4, animated: true },
    },
  },
  {
    what: 'a round video',
    forms: {
      ...web([{ type: 'ptv', mimetype: 'video/mp4' }, file]),
      ...proto([{ ptvMessage: { mimetype: 'video/mp4' } }, file]),
    },
    expected: { content: 'video', media: { available: false, mimetype: 'video/mp4' } },
  },
  {
    what: 'a voice note',
    forms: {
      ...web([{ type: 'ptt', mimetype: 'audio/ogg; codecs=opus', duration: 7 }, file]),
      NOWEB: [
        { audioMessage: { mimetype: 'audio/ogg; codecs=opus', seconds: 7, ptt: true } },
        file,
      ],
      GOWS: [{ audioMessage: { mimetype: 'audio/ogg; codecs=opus', seconds: 7, PTT: true } }, file],
    },
    expected: {
      content: 'voice',
      media: { available: false, mimetype: 'audio/ogg; codecs=opus', seconds: 7 },
    },
  },
  {
    what: 'a song, which is no voice note',
    forms: {
      ...web([{ type: 'audio', mimetype: 'audio/mpeg', duration: 181 }, file]),
      NOWEB: [{ audioMessage: { mimetype: 'audio/mpeg', seconds: 181, ptt: false } }, file],
      GOWS: [{ audioMessage: { mimetype: 'audio/mpeg', seconds: 181 } }, file],
    },
    expected: {
      content: 'audio',
      media: { available: false, mimetype: 'audio/mpeg', seconds: 181 },
    },
  },
  {
    what: 'a sticker that moves',
    forms: {
      ...web([{ type: 'sticker', mimetype: 'image/webp', isAnimated: true }, file]),
      ...proto([{ stickerMessage: { mimetype: 'image/webp', isAnimated: true } }, file]),
    },
    expected: {
      content: 'sticker',
      media: { available: false, mimetype: 'image/webp', animated: true },
    },
  },
  {
    what: 'a document with a caption, in its wrapper',
    forms: {
      ...web([
        {
          type: 'document',
          caption: 'Signed',
          mimetype: 'application/pdf',
          filename: 'lease.pdf',
          pageCount: 3,
        },
        file,
      ]),
      ...proto([
        {
          documentWithCaptionMessage: {
            message: {
              documentMessage: {
                caption: 'Signed',
                mimetype: 'application/pdf',
                fileName: 'lease.pdf',
                pageCount: 3,
              },
            },
          },
        },
        file,
      ]),
    },
    expected: {
      content: 'document',
      body: 'Signed',
      media: { available: false, mimetype: 'application/pdf', filename: 'lease.pdf', pages: 3 },
    },
  },
  {
    what: 'a place',
    forms: {
      ...web([{ type: 'location', lat: 51.5, lng: 0.07, loc: 'Harbour\nQuay 1', isLive: false }]),
      ...proto([
        {
          locationMessage: {
            degreesLatitude: 51.5,
            degreesLongitude: 0.07,
            name: 'Harbour',
            address: 'Quay 1',
          },
        },
      ]),
    },
    expected: {
      content: 'location',
      location: {
        latitude: 51.5,
        longitude: 0.07,
        live: false,
        name: 'Harbour',
        address: 'Quay 1',
      },
    },
  },
  {
    what: 'a place that moves',
    forms: {
      ...web([{ type: 'location', lat: 51.5, lng: 0.07, isLive: true }]),
      ...proto([
        {
          liveLocationMessage: {
            degreesLatitude: 51.5,
            degreesLongitude: 0.07,
            caption: 'On my way',
          },
        },
      ]),
    },
    expected: {
      content: 'live-location',
      location: { latitude: 51.5, longitude: 0.07, live: true },
    },
  },
  {
    what: 'a contact card',
    forms: {
      ...web([
        { type: 'vcard', body: contactCard, vcardFormattedName: 'Harbour' },
        { body: contactCard, vCards: [contactCard] },
      ]),
      ...proto([{ contactMessage: { displayName: 'Harbour', vcard: contactCard } }]),
    },
    expected: { content: 'contacts', contacts: [harbour], vcards: [contactCard] },
  },
  {
    what: 'several contact cards, one of which is broken',
    forms: {
      ...web([
        {
          type: 'multi_vcard',
          vcardList: [
            { displayName: 'Harbour', vcard: contactCard },
            { displayName: 'Ada', vcard: 'BEGIN' },
          ],
        },
      ]),
      ...proto([
        {
          contactsArrayMessage: {
            contacts: [
              { displayName: 'Harbour', vcard: contactCard },
              { displayName: 'Ada', vcard: 'BEGIN' },
            ],
          },
        },
      ]),
    },
    expected: { content: 'contacts', contacts: [harbour, { name: 'Ada', phones: [] }] },
  },
  {
    what: 'a poll',
    forms: {
      ...web([
        {
          type: 'poll_creation',
          pollName: 'Which boat?',
          pollOptions: [
            { name: 'Row', localId: 0 },
            { name: 'Sail', localId: 1 },
          ],
          pollSelectableOptionsCount: 1,
        },
      ]),
      ...proto([
        {
          pollCreationMessage: {
            name: 'Which boat?',
            options: [{ optionName: 'Row' }, { optionName: 'Sail' }],
            selectableOptionsCount: 1,
          },
        },
      ]),
    },
    expected: {
      content: 'poll',
      body: 'Which boat?',
      poll: { question: 'Which boat?', options: ['Row', 'Sail'], selectable: 1 },
    },
  },
  {
    what: 'an event',
    forms: {
      ...web([{ type: 'event_creation', eventName: 'Regatta' }]),
      ...proto([{ eventMessage: { name: 'Regatta', startTime: '1767268800' } }]),
    },
    expected: { content: 'event', body: 'Regatta' },
  },
  {
    what: 'the choice of a button',
    forms: {
      ...web([{ type: 'buttons_response', body: 'Two seats', selectedButtonId: 'seats:2' }]),
      NOWEB: [
        {
          buttonsResponseMessage: {
            selectedButtonId: 'seats:2',
            selectedDisplayText: 'Two seats',
            type: 1,
          },
        },
      ],
      GOWS: [
        {
          buttonsResponseMessage: {
            selectedButtonID: 'seats:2',
            Response: { SelectedDisplayText: 'Two seats' },
            type: 1,
          },
        },
      ],
    },
    expected: {
      content: 'choice',
      body: 'Two seats',
      choice: { by: 'button', id: 'seats:2', title: 'Two seats' },
    },
  },
  {
    what: 'the choice of a quick reply',
    forms: {
      ...web([
        {
          type: 'interactive_response',
          body: 'Two seats',
          interactivePayload: {
            type: 'native_flow',
            name: 'quick_reply',
            paramsJson: '{"id":"seats:2"}',
          },
        },
      ]),
      NOWEB: [
        {
          interactiveResponseMessage: {
            body: { text: 'Two seats' },
            nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":"seats:2"}' },
          },
        },
      ],
      GOWS: [
        {
          interactiveResponseMessage: {
            body: { text: 'Two seats' },
            InteractiveResponseMessage: {
              NativeFlowResponseMessage: { name: 'quick_reply', paramsJSON: '{"id":"seats:2"}' },
            },
          },
        },
      ],
    },
    expected: {
      content: 'choice',
      body: 'Two seats',
      choice: { by: 'button', id: 'seats:2', title: 'Two seats' },
    },
  },
  {
    what: 'the answer of a form',
    forms: {
      ...web([
        {
          type: 'interactive_response',
          body: 'Sent',
          interactivePayload: { name: 'flow', paramsJson: JSON.stringify(flow) },
        },
      ]),
      NOWEB: [
        {
          interactiveResponseMessage: {
            body: { text: 'Sent' },
            nativeFlowResponseMessage: { name: 'flow', paramsJson: JSON.stringify(flow) },
          },
        },
      ],
      GOWS: [
        {
          interactiveResponseMessage: {
            body: { text: 'Sent' },
            InteractiveResponseMessage: {
              NativeFlowResponseMessage: { name: 'flow', paramsJSON: JSON.stringify(flow) },
            },
          },
        },
      ],
    },
    expected: {
      content: 'choice',
      body: 'Sent',
      choice: { by: 'flow', title: 'Sent', parameters: flow },
    },
  },
  {
    what: 'the choice of a row of a list',
    forms: {
      ...web([
        {
          type: 'list_response',
          body: 'Row boat',
          listResponse: { ...boat, singleSelectReply: { selectedRowId: 'boat-7' } },
        },
      ]),
      NOWEB: [{ listResponseMessage: { ...boat, singleSelectReply: { selectedRowId: 'boat-7' } } }],
      GOWS: [{ listResponseMessage: { ...boat, singleSelectReply: { selectedRowID: 'boat-7' } } }],
    },
    expected: {
      content: 'choice',
      body: 'Row boat',
      choice: { by: 'list', id: 'boat-7', ...boat },
    },
  },
  {
    what: 'the choice of a template’s button',
    forms: {
      ...web([
        { type: 'template_button_reply', body: 'Rebook', selectedId: 'rebook', selectedIndex: 0 },
      ]),
      NOWEB: [
        {
          templateButtonReplyMessage: {
            selectedId: 'rebook',
            selectedDisplayText: 'Rebook',
            selectedIndex: 0,
          },
        },
      ],
      GOWS: [
        {
          templateButtonReplyMessage: {
            selectedID: 'rebook',
            selectedDisplayText: 'Rebook',
            selectedIndex: 0,
          },
        },
      ],
    },
    expected: {
      content: 'choice',
      body: 'Rebook',
      choice: { by: 'template', id: 'rebook', title: 'Rebook' },
    },
  },
  {
    what: 'buttons of a flow',
    forms: {
      ...web([
        {
          type: 'interactive',
          body: 'Which quay?',
          footer: 'Harbour',
          interactiveHeader: { title: 'Moorings' },
          nativeFlowButtons: [
            { name: 'quick_reply', buttonParamsJson: '{"display_text":"East","id":"quay:e"}' },
            {
              name: 'cta_url',
              buttonParamsJson: '{"display_text":"Map","url":"https://harbour.example"}',
            },
          ],
        },
      ]),
      NOWEB: [
        {
          interactiveMessage: {
            header: { title: 'Moorings' },
            body: { text: 'Which quay?' },
            footer: { text: 'Harbour' },
            nativeFlowMessage: {
              buttons: [
                { name: 'quick_reply', buttonParamsJson: '{"display_text":"East","id":"quay:e"}' },
                {
                  name: 'cta_url',
                  buttonParamsJson: '{"display_text":"Map","url":"https://harbour.example"}',
                },
              ],
            },
          },
        },
      ],
      GOWS: [
        {
          interactiveMessage: {
            header: { title: 'Moorings' },
            body: { text: 'Which quay?' },
            footer: { text: 'Harbour' },
            InteractiveMessage: {
              NativeFlowMessage: {
                buttons: [
                  {
                    name: 'quick_reply',
                    buttonParamsJSON: '{"display_text":"East","id":"quay:e"}',
                  },
                  {
                    name: 'cta_url',
                    buttonParamsJSON: '{"display_text":"Map","url":"https://harbour.example"}',
                  },
                ],
              },
            },
          },
        },
      ],
    },
    expected: {
      content: 'interactive',
      body: 'Which quay?',
      interactive: {
        header: 'Moorings',
        footer: 'Harbour',
        buttons: [
          { type: 'quick_reply', title: 'East', id: 'quay:e' },
          { type: 'cta_url', title: 'Map', value: 'https://harbour.example' },
        ],
      },
    },
  },
  {
    what: 'plain buttons',
    forms: {
      ...web([
        {
          type: 'chat',
          body: 'Which quay?',
          footer: 'Harbour',
          title: 'Moorings',
          dynamicReplyButtons: [
            { buttonId: 'quay:e', buttonText: { displayText: 'East' }, type: 1 },
          ],
        },
        { body: 'Which quay?' },
      ]),
      NOWEB: [
        {
          buttonsMessage: {
            text: 'Moorings',
            contentText: 'Which quay?',
            footerText: 'Harbour',
            buttons: [{ buttonId: 'quay:e', buttonText: { displayText: 'East' } }],
          },
        },
      ],
      GOWS: [
        {
          buttonsMessage: {
            Header: { Text: 'Moorings' },
            contentText: 'Which quay?',
            footerText: 'Harbour',
            buttons: [{ buttonID: 'quay:e', buttonText: { displayText: 'East' } }],
          },
        },
      ],
    },
    expected: {
      content: 'interactive',
      body: 'Which quay?',
      interactive: {
        header: 'Moorings',
        footer: 'Harbour',
        buttons: [{ type: 'quick_reply', title: 'East', id: 'quay:e' }],
      },
    },
  },
  {
    what: 'a list to choose from',
    forms: {
      ...web([
        {
          type: 'list',
          list: {
            title: 'Boats',
            description: 'Which one?',
            buttonText: 'Show',
            footerText: 'Harbour',
            sections: [{ rows: [{ rowId: 'boat-7', ...boat }] }],
          },
        },
      ]),
      NOWEB: [
        {
          listMessage: {
            title: 'Boats',
            description: 'Which one?',
            buttonText: 'Show',
            footerText: 'Harbour',
            sections: [{ rows: [{ rowId: 'boat-7', ...boat }] }],
          },
        },
      ],
      GOWS: [
        {
          listMessage: {
            title: 'Boats',
            description: 'Which one?',
            buttonText: 'Show',
            footerText: 'Harbour',
            sections: [{ rows: [{ rowID: 'boat-7', ...boat }] }],
          },
        },
      ],
    },
    expected: {
      content: 'interactive',
      body: 'Which one?',
      interactive: {
        header: 'Boats',
        footer: 'Harbour',
        buttons: [
          { type: 'single_select', title: 'Show' },
          { type: 'row', title: 'Row boat', id: 'boat-7', value: 'Seats two' },
        ],
      },
    },
  },
  {
    what: 'a template with buttons',
    forms: {
      ...web([
        {
          type: 'chat',
          body: 'Your berth is free',
          footer: 'Harbour',
          title: 'Berths',
          hydratedButtons: [
            { quickReplyButton: { displayText: 'Rebook', id: 'rebook' } },
            { callButton: { displayText: 'Call', phoneNumber: '+12025550143' } },
          ],
        },
        { body: 'Your berth is free' },
      ]),
      NOWEB: [
        {
          templateMessage: {
            hydratedTemplate: {
              hydratedTitleText: 'Berths',
              hydratedContentText: 'Your berth is free',
              hydratedFooterText: 'Harbour',
              hydratedButtons: [
                { quickReplyButton: { displayText: 'Rebook', id: 'rebook' } },
                { callButton: { displayText: 'Call', phoneNumber: '+12025550143' } },
              ],
            },
          },
        },
      ],
      GOWS: [
        {
          templateMessage: {
            Format: {
              HydratedFourRowTemplate: {
                Title: { HydratedTitleText: 'Berths' },
                hydratedContentText: 'Your berth is free',
                hydratedFooterText: 'Harbour',
                hydratedButtons: [
                  { HydratedButton: { QuickReplyButton: { displayText: 'Rebook', ID: 'rebook' } } },
                  {
                    HydratedButton: {
                      CallButton: { displayText: 'Call', phoneNumber: '+12025550143' },
                    },
                  },
                ],
              },
            },
          },
        },
      ],
    },
    expected: {
      content: 'interactive',
      body: 'Your berth is free',
      interactive: {
        header: 'Berths',
        footer: 'Harbour',
        buttons: [
          { type: 'quick_reply', title: 'Rebook', id: 'rebook' },
          { type: 'cta_call', title: 'Call', value: '+12025550143' },
        ],
      },
    },
  },
  {
    what: 'a cart',
    forms: {
      ...web([
        {
          type: 'order',
          message: 'For Friday',
          orderId: 'O-31',
          itemCount: 2,
          orderTitle: 'Boat hire',
          token: 'AR-token',
          totalAmount1000: 125500,
          totalCurrencyCode: 'EUR',
        },
      ]),
      NOWEB: [
        {
          orderMessage: {
            message: 'For Friday',
            orderId: 'O-31',
            itemCount: 2,
            orderTitle: 'Boat hire',
            token: 'AR-token',
            totalAmount1000: '125500',
            totalCurrencyCode: 'EUR',
          },
        },
      ],
      GOWS: [
        {
          orderMessage: {
            message: 'For Friday',
            orderID: 'O-31',
            itemCount: 2,
            orderTitle: 'Boat hire',
            token: 'AR-token',
            totalAmount1000: 125500,
            totalCurrencyCode: 'EUR',
          },
        },
      ],
    },
    expected: {
      content: 'order',
      body: 'For Friday',
      order: {
        id: 'O-31',
        title: 'Boat hire',
        itemCount: 2,
        total: { amount: '125.50', currency: 'EUR' },
        token: 'AR-token',
      },
    },
  },
  {
    what: 'a product of a catalog',
    forms: {
      ...web([
        {
          type: 'product',
          productId: 'P-7',
          ...boat,
          priceAmount1000: 8000000,
          currencyCode: 'JPY',
          retailerId: 'row-7',
          businessOwnerJid: noorAddress,
        },
      ]),
      NOWEB: [
        {
          productMessage: {
            product: {
              productId: 'P-7',
              ...boat,
              priceAmount1000: { low: 8000000, high: 0, unsigned: false },
              currencyCode: 'JPY',
              retailerId: 'row-7',
            },
            businessOwnerJid: noorAddress,
          },
        },
      ],
      GOWS: [
        {
          productMessage: {
            product: {
              productID: 'P-7',
              ...boat,
              priceAmount1000: 8000000,
              currencyCode: 'JPY',
              retailerID: 'row-7',
            },
            businessOwnerJID: noorAddress,
          },
        },
      ],
    },
    expected: {
      content: 'product',
      product: {
        id: 'P-7',
        ...boat,
        price: { amount: '8000', currency: 'JPY' },
        retailerId: 'row-7',
        seller: noor,
      },
    },
  },
  {
    what: 'the announcement of an album',
    forms: {
      ...web([{ type: 'album', expectedImageCount: 4, expectedVideoCount: 1 }]),
      ...proto([{ albumMessage: { expectedImageCount: 4, expectedVideoCount: 1 } }]),
    },
    expected: { content: 'album', album: { images: 4, videos: 1 } },
  },
  {
    what: 'a picture of an album',
    forms: {
      ...web([
        {
          type: 'image',
          mimetype: 'image/jpeg',
          parentMsgKey: { id: '3EB0A1', fromMe: false },
          associationType: 'media_album',
        },
        file,
      ]),
      NOWEB: [
        {
          imageMessage: { mimetype: 'image/jpeg' },
          messageContextInfo: {
            messageAssociation: {
              associationType: 'MEDIA_ALBUM',
              parentMessageKey: { id: '3EB0A1' },
            },
          },
        },
        file,
      ],
      GOWS: [
        {
          messageContextInfo: {
            messageAssociation: { associationType: 1, parentMessageKey: { ID: '3EB0A1' } },
          },
          imageMessage: { mimetype: 'image/jpeg' },
        },
        file,
      ],
    },
    expected: {
      content: 'image',
      albumId: '3EB0A1',
      media: { available: false, mimetype: 'image/jpeg' },
    },
  },
  {
    what: 'an invitation to a group',
    forms: {
      ...web([
        {
          type: 'groups_v4_invite',
          comment: 'Join us',
          inviteGrp: '120363020000000042@g.us',
          inviteGrpName: 'Choir',
          inviteCode: 'CodeCodeCode',
          inviteCodeExp: 1767355200,
        },
      ]),
      NOWEB: [
        {
          groupInviteMessage: {
            caption: 'Join us',
            groupJid: '120363020000000042@g.us',
            groupName: 'Choir',
            inviteCode: 'CodeCodeCode',
            inviteExpiration: '1767355200',
          },
        },
      ],
      GOWS: [
        {
          groupInviteMessage: {
            caption: 'Join us',
            groupJID: '120363020000000042@g.us',
            groupName: 'Choir',
            inviteCode: 'CodeCodeCode',
            inviteExpiration: 1767355200,
          },
        },
      ],
    },
    expected: {
      content: 'group-invite',
      body: 'Join us',
      groupInvite: {
        group: { kind: 'group', id: '120363020000000042@g.us' },
        name: 'Choir',
        code: 'CodeCodeCode',
        expiresAt: '2026-01-02T12:00:00.000Z',
      },
    },
  },
  {
    what: 'a message that is pinned',
    forms: {
      ...web([
        {
          type: 'pinned_message',
          pinParentKey: { id: '3EB0A1', fromMe: true, remote: noorAddress },
          pinMessageType: 1,
        },
      ]),
      NOWEB: [{ pinInChatMessage: { key: { id: '3EB0A1' }, type: 'PIN_FOR_ALL' } }],
      GOWS: [{ pinInChatMessage: { key: { ID: '3EB0A1' }, type: 1 } }],
    },
    expected: { content: 'pin', pin: { target: '3EB0A1', pinned: true } },
  },
  {
    what: 'a message that is pinned no more',
    forms: {
      ...web([
        { type: 'pinned_message', pinParentKey: `true_${noorAddress}_3EB0A1`, pinMessageType: 2 },
      ]),
      NOWEB: [{ pinInChatMessage: { key: { id: '3EB0A1' }, type: 2 } }],
      GOWS: [{ pinInChatMessage: { key: { ID: '3EB0A1' }, type: 2 } }],
    },
    expected: { content: 'pin', pin: { target: '3EB0A1', pinned: false } },
  },
  {
    what: 'the change of when messages disappear',
    forms: {
      ...web([
        {
          type: 'notification_template',
          subtype: 'change_ephemeral_setting',
          ephemeralDuration: 86400,
        },
      ]),
      NOWEB: [{ protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 86400 } }],
      GOWS: [{ protocolMessage: { type: 3, ephemeralExpiration: 86400 } }],
    },
    expected: {
      content: 'system',
      system: { notice: 'disappearing-timer', expiresAfterSeconds: 86400 },
    },
  },
  {
    what: 'a notice of encryption',
    forms: web([{ type: 'e2e_notification', subtype: 'encrypt' }, { body: '' }]),
    expected: { content: 'system', system: { notice: 'e2e_notification' } },
  },
  {
    what: 'an edit that cannot be read',
    forms: {
      NOWEB: [
        {
          secretEncryptedMessage: {
            targetMessageKey: { id: '3EB0A1' },
            secretEncType: 'MESSAGE_EDIT',
          },
        },
      ],
      GOWS: [{ secretEncryptedMessage: { targetMessageKey: { ID: '3EB0A1' }, secretEncType: 2 } }],
    },
    expected: { content: 'unavailable', unavailable: 'undecryptable-edit', target: '3EB0A1' },
  },
  {
    what: 'what this device is too old for',
    forms: {
      ...web([{ type: 'unknown', subtype: 'phone_only_feature' }]),
      ...proto([{ placeholderMessage: { type: 0 } }]),
    },
    expected: { content: 'unavailable', unavailable: 'unsupported' },
  },
  {
    what: 'a payment, for which there is no word',
    forms: { ...web([{ type: 'payment' }]), ...proto([{ sendPaymentMessage: {} }]) },
    expected: { content: 'other' },
  },
];

const cases = examples.flatMap(({ what, forms, expected }) =>
  engines.flatMap((engine) => {
    const form = forms[engine];
    return form ? [{ what, engine, form, expected }] : [];
  }),
);

describe('the content of a message', () => {
  test.each(cases)('$what, from $engine', ({ engine, form, expected }) => {
    const [content, wire] = form;
    const data = dataOf('message', messageOf(engine, content, wire), fieldsOf(engine));
    expect(data).toMatchObject(expected);
    for (const [name, value] of Object.entries(expected)) {
      expect(data[name as keyof typeof data]).toStrictEqual(value);
    }
    expect(v.parse(catalog.message.data(), data)).toStrictEqual(data);
  });

  test('has examples of every value', () => {
    const shown = new Set(examples.map(({ expected }) => expected.content));
    expect([...shown].sort()).toEqual([...contents].sort());
  });

  test('is read from WAHA’s fields if there is no engine’s object', () => {
    const expected = (wire: object) => dataOf('message', { ...bare, ...wire }).content;
    const bare = { id: 'false_12025550142@c.us_3EB0AA', from: '12025550142@c.us', fromMe: false };
    expect(expected({ body: 'Ahoy' })).toBe('text');
    expect(expected({ hasMedia: true, media: { mimetype: 'image/png', url: 'http://x' } })).toBe(
      'image',
    );
    expect(expected({ hasMedia: true, media: { mimetype: 'application/zip' } })).toBe('document');
    expect(expected({ hasMedia: true, media: null })).toBe('document');
    expect(expected({ location: { latitude: 1, longitude: 2 } })).toBe('location');
    expect(expected({ location: { latitude: 1, longitude: 2, live: true } })).toBe('live-location');
    expect(expected({ vCards: ['BEGIN:VCARD'] })).toBe('contacts');
    expect(expected({ body: null })).toBe('other');
  });
});

describe('a message without its content has the reason', () => {
  const bare = { id: 'false_12025550142@c.us_3EB0AA', from: '12025550142@c.us', fromMe: false };
  const expected = (engine: Engine, _data: object) => {
    const { content, unavailable } = dataOf('message', { ...bare, _data }, fieldsOf(engine));
    return [content, unavailable];
  };

  test('for a view-once file that only the phone may open', () => {
    const key = { ...nowebData({}).key, isViewOnce: true };
    expect(expected('NOWEB', nowebData({ key }))).toEqual(['unavailable', 'view-once']);
    const Info = { Chat: '12025550142@s.whatsapp.net', ID: '3EB0AA' };
    expect(expected('GOWS', { Info, Message: null, IsViewOnce: true })).toEqual([
      'unavailable',
      'view-once',
    ]);
    expect(expected('GOWS', { Info, IsUnavailable: true, UnavailableType: 'view_once' })).toEqual([
      'unavailable',
      'view-once',
    ]);
    for (const engine of ['WEBJS', 'WPP'] as const) {
      const subtype = 'view_once_unavailable_fanout';
      expect(expected(engine, { type: 'ciphertext', subtype })).toEqual([
        'unavailable',
        'view-once',
      ]);
      expect(expected(engine, { type: 'image', isViewOnce: true })).toEqual([
        'unavailable',
        'view-once',
      ]);
    }
  });

  test('for a message that the sender’s device cannot decrypt', () => {
    expect(expected('NOWEB', nowebData({ messageStubType: 2 }))).toEqual([
      'unavailable',
      'undecryptable',
    ]);
    expect(expected('NOWEB', nowebData({ messageStubType: 'CIPHERTEXT' }))).toEqual([
      'unavailable',
      'undecryptable',
    ]);
    expect(expected('GOWS', { Info: {}, IsUnavailable: false, DecryptFailMode: '' })).toEqual([
      'unavailable',
      'undecryptable',
    ]);
    expect(expected('WEBJS', { type: 'ciphertext' })).toEqual(['unavailable', 'undecryptable']);
  });

  test('but not for a view-once file that was received', () => {
    const file = { mimetype: 'image/jpeg', viewOnce: true };
    const wrapped = {
      viewOnceMessageV2: { message: { imageMessage: { mimetype: 'image/jpeg' } } },
    };
    for (const [engine, content] of [
      ['NOWEB', { imageMessage: file }],
      ['NOWEB', wrapped],
      ['GOWS', { imageMessage: file }],
      ['GOWS', wrapped],
      ['WEBJS', { type: 'image', isViewOnce: true, directPath: '/v/x' }],
      ['WPP', { type: 'image', isViewOnce: true, mimetype: 'image/jpeg' }],
    ] as const) {
      const data = dataOf(
        'message',
        messageOf(engine, content, { hasMedia: true }),
        fieldsOf(engine),
      );
      expect(data).toMatchObject({ content: 'image', viewOnce: true, hasMedia: true });
    }
  });

  test('a notice of Baileys is recognized by its name and by its number', () => {
    const notice = (messageStubType: unknown) =>
      dataOf('message', { ...bare, _data: nowebData({ messageStubType }) }).system?.notice;
    expect(notice(39)).toBe('E2E_ENCRYPTED');
    expect(notice('BLOCK_CONTACT')).toBe('BLOCK_CONTACT');
    expect(notice(209)).toBe('stub-209');
  });
});
