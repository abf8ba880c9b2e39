import type { DataOf } from '../envelope.ts';
import type { FieldDocs } from '../event-type-docs.ts';
import type { ContentParts, ContextParts } from './content-data.ts';

type Message = DataOf<'message'>;

const moneyFields: FieldDocs<{ readonly amount: string; readonly currency: string }> = {
  amount: {
    description: 'The amount, with the decimal places of its currency.',
    unit: 'decimal text',
  },
  currency: { description: 'The currency.', unit: 'ISO 4217' },
};

/** Fields that only some contents have. */
export const contentFieldDocs: FieldDocs<Pick<Message, keyof ContentParts>> = {
  content: {
    description:
      'The content type of the message; use it first in rules and bots. `choice`: the author selected a button or a list item. `interactive`: the author offers buttons or a list. `album`: announces pictures that follow. `system`: a notice of WhatsApp. `unavailable`: this device cannot show the message. `other`: any other content; an unknown content type is counted as drift.',
    source: 'the engine’s object in `_data`, else WAHA’s fields',
  },
  choice: {
    description: 'The selected option.',
    absent: 'except with `choice`',
    fields: {
      by: {
        description:
          'What the author selected from: `button` (also quick replies of flows), `list`, `template` (a button of a template) or `flow` (any other flow, such as a form).',
      },
      id: { description: 'Id of the option, set by the author of the buttons or the list.' },
      title: { description: 'Text of the option.' },
      description: { description: 'Text below the title.' },
      parameters: {
        description: 'The response of the flow, unchanged: an object parsed from its JSON.',
        absent: 'except with `flow`',
      },
    },
  },
  poll: {
    description: 'The poll that the author created. Votes have the event type `poll.vote`.',
    absent: 'except with `poll`',
    fields: {
      question: { description: 'The question.' },
      options: { description: 'The options; `poll.vote` has the same texts.' },
      selectable: { description: 'Number of options that a person may select. 0: any number.' },
    },
  },
  order: {
    description: 'The cart that a customer sent.',
    absent: 'except with `order`',
    fields: {
      id: { description: 'Id of the order.' },
      title: { description: 'Title of the order, usually the name of the shop.' },
      itemCount: { description: 'Number of items in the cart.' },
      total: {
        description: 'Total price of the items.',
        source: '`totalAmount1000` and `totalCurrencyCode`',
        fields: moneyFields,
      },
      token: { description: 'Token for the engine’s call that returns the items of the order.' },
    },
  },
  product: {
    description: 'The product of a catalog that the message shows or asks about.',
    absent: 'except with `product`',
    fields: {
      id: { description: 'Id of the product.' },
      title: { description: 'Name of the product.' },
      description: { description: 'Text with the product.' },
      price: {
        description: 'Price of the product.',
        source: '`priceAmount1000` and `currencyCode`',
        fields: moneyFields,
      },
      retailerId: { description: 'The seller’s own id of the product.' },
      seller: { description: 'Owner of the catalog.' },
    },
  },
  interactive: {
    description:
      'The buttons or the list that the message offers. The text of the message is in `body`.',
    absent: 'except with `interactive`',
    fields: {
      header: { description: 'Text above the body.' },
      footer: { description: 'Text below the body.' },
      buttons: {
        description: 'Buttons, and rows of lists, in their order.',
        fields: {
          type: {
            description:
              '`quick_reply`, `cta_url`, `cta_call`, `cta_copy`, `single_select` (opens a list), `row` (of a list), or another name used by WhatsApp.',
          },
          title: { description: 'Text of the button.' },
          id: { description: 'Id that is returned as `choice.id`.' },
          value: {
            description:
              'The link, the phone number, the code to copy, or the second line of a row.',
          },
        },
      },
    },
  },
  album: {
    description: 'Number of pictures and videos that follow, each as a separate message.',
    absent: 'except with `album`',
    fields: {
      images: { description: 'Number of pictures that follow.' },
      videos: { description: 'Number of videos that follow.' },
    },
  },
  albumId: {
    description: 'Bare id of the `album` message that this picture or video belongs to.',
    absent: 'if it belongs to no album, or the engine does not report it',
  },
  contacts: {
    description: 'The people on the contact cards.',
    absent: 'except with `contacts`',
    fields: {
      name: { description: 'Name on the card.' },
      phones: {
        description: 'International phone numbers on the card.',
        unit: 'E.164',
      },
      organization: { description: 'Organization on the card.' },
    },
  },
  groupInvite: {
    description: 'The invitation to a group.',
    absent: 'except with `group-invite`',
    fields: {
      group: { description: 'The group.' },
      name: { description: 'Name of the group.' },
      code: { description: 'Code for joining the group.' },
      expiresAt: { description: 'When the code expires.', unit: 'ISO-8601 UTC' },
    },
  },
  pin: {
    description: 'The message that was pinned or unpinned for everyone.',
    absent: 'except with `pin`',
    fields: {
      target: { description: 'Bare id of the message.' },
      pinned: { description: 'True if the message was pinned, false if it was unpinned.' },
    },
  },
  system: {
    description: 'A notice that WhatsApp wrote into the chat.',
    absent: 'except with `system`',
    fields: {
      notice: {
        description:
          'The engine’s name for the notice, such as `e2e_notification` or `E2E_ENCRYPTED`; on every engine `disappearing-timer` if the time after which messages disappear was changed.',
      },
      expiresAfterSeconds: {
        description: 'Time after which new messages disappear. 0: messages do not disappear.',
        unit: 'seconds',
        absent: 'except with `disappearing-timer`',
      },
    },
  },
  unavailable: {
    description:
      'Why the content is not available. `view-once`: only the phone can open it. `undecryptable`: the sender cannot decrypt it, or not yet. `undecryptable-edit`: an edit of the message `target` that cannot be decrypted. `unsupported`: the sender’s version does not support it.',
    absent: 'if the content is available',
  },
  target: {
    description: 'Bare id of the message whose edit cannot be decrypted.',
    absent: 'except with `undecryptable-edit`',
  },
};

/** The context of a message: mentions, forwarding, origin. */
export const contextFieldDocs: Omit<FieldDocs<Pick<Message, keyof ContextParts>>, 'replyTo'> = {
  mentions: {
    description: 'People and groups that the text mentions with an `@`. In `body` they are digits.',
    absent: 'if the text mentions no person',
  },
  mentionsMe: {
    description: 'Whether this account is among `mentions`.',
    absent:
      'without `mentions`, and if the body has only the phone number of this account and only the hidden id of the mentioned person',
  },
  forwarded: {
    description: 'Present if the message was forwarded.',
    absent: 'if it was not forwarded',
    fields: {
      count: {
        description: 'Number of times it was forwarded.',
        absent: 'if the number is not known',
      },
      frequently: {
        description: 'Whether WhatsApp shows it as forwarded many times (five or more).',
      },
    },
  },
  expiresAfterSeconds: {
    description: 'Time after which the message disappears.',
    unit: 'seconds',
    absent: 'if the message does not expire',
  },
  viewOnce: { description: 'True if the message can be opened only once.', absent: 'otherwise' },
  referral: {
    description: 'The ad or post whose link the author used to open this chat.',
    absent: 'if there is none; engines report it with the first message only',
    fields: {
      source: { description: '`ad`, `post`, or another value of WhatsApp.' },
      sourceId: { description: 'Id of the ad or post.' },
      url: { description: 'Link to the ad or post.' },
      headline: { description: 'Headline of the ad.' },
      text: { description: 'Text of the ad.' },
      clickId: { description: 'Click id (`ctwa_clid`) for reporting conversions.' },
      app: { description: 'App that showed the ad, such as `instagram`.' },
      entryPoint: { description: 'How the author opened the chat, such as `ctwa_ad`.' },
    },
  },
};
