import type { DataOf } from '../envelope.ts';
import type { FieldDocs } from '../event-type-docs.ts';
import type { ContentParts, ContextParts } from './content-data.ts';

type Message = DataOf<'message'>;

const moneyFields: FieldDocs<{ readonly amount: string; readonly currency: string }> = {
  amount: {
    description: 'The amount, with the digits of its currency.',
    unit: 'decimal text',
  },
  currency: { description: 'The currency.', unit: 'ISO 4217' },
};

/** Fields that only some contents have. */
export const contentFieldDocs: FieldDocs<Pick<Message, keyof ContentParts>> = {
  content: {
    description:
      'What the message is, in one word; begin a rule or a bot here. `choice`: somebody chose from buttons or a list. `interactive`: somebody offers buttons or a list. `album`: announces pictures that follow. `system`: a notice that no person wrote. `unavailable`: there is a message, and this device cannot show it. `other`: another content; one that is new in WhatsApp is counted as drift.',
    source: 'the engine’s object in `_data`, else the fields that WAHA makes of it',
  },
  choice: {
    description: 'What somebody chose.',
    absent: 'except with `choice`',
    fields: {
      by: {
        description:
          'What was offered: `button` (quick replies of flows too), `list`, `template` (a button of a template) or `flow` (any other flow, such as a form).',
      },
      id: { description: 'Id of the choice, as its author has given it.' },
      title: { description: 'Text of the choice, as people saw it.' },
      description: { description: 'Text below the title.' },
      parameters: {
        description: 'The response of the flow, unchanged: an object parsed from its JSON.',
        absent: 'except with `flow`',
      },
    },
  },
  poll: {
    description: 'The poll that somebody created. Votes have the event type `poll.vote`.',
    absent: 'except with `poll`',
    fields: {
      question: { description: 'The question.' },
      options: { description: 'The answers to choose from; `poll.vote` names the same texts.' },
      selectable: { description: 'Number of options that one person may choose. 0: any number.' },
    },
  },
  order: {
    description: 'The cart that a customer sent.',
    absent: 'except with `order`',
    fields: {
      id: { description: 'Id of the order.' },
      title: { description: 'Title of the order, mostly the name of the shop.' },
      itemCount: { description: 'How many items are in the cart.' },
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
      seller: { description: 'Whose catalog it is in.' },
    },
  },
  interactive: {
    description: 'What the message offers to choose from. Its text is `body`.',
    absent: 'except with `interactive`',
    fields: {
      header: { description: 'Text above the body.' },
      footer: { description: 'Text below the body.' },
      buttons: {
        description: 'Buttons, and rows of lists, in their order.',
        fields: {
          type: {
            description:
              '`quick_reply`, `cta_url`, `cta_call`, `cta_copy`, `single_select` (opens a list), `row` (of a list), or another name of WhatsApp’s.',
          },
          title: { description: 'Text of the button.' },
          id: { description: 'Id that comes back as `choice.id`.' },
          value: {
            description:
              'The link, the phone number, the code to copy, or the second line of a row.',
          },
        },
      },
    },
  },
  album: {
    description: 'How many pictures and videos follow, each as a message of its own.',
    absent: 'except with `album`',
    fields: {
      images: { description: 'Pictures that follow.' },
      videos: { description: 'Videos that follow.' },
    },
  },
  albumId: {
    description: 'Bare id of the `album` message that this picture or video belongs to.',
    absent: 'where it belongs to none, or the engine does not say it',
  },
  contacts: {
    description: 'The people on the contact cards.',
    absent: 'except with `contacts`',
    fields: {
      name: { description: 'Name on the card.' },
      phones: {
        description: 'Phone numbers on the card that are international.',
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
      code: { description: 'Code with which one can join.' },
      expiresAt: { description: 'When the code expires.', unit: 'ISO-8601 UTC' },
    },
  },
  pin: {
    description: 'The message that was pinned or unpinned for everyone.',
    absent: 'except with `pin`',
    fields: {
      target: { description: 'Bare id of the message.' },
      pinned: { description: 'False: it was unpinned.' },
    },
  },
  system: {
    description: 'A notice that WhatsApp itself has written into the chat.',
    absent: 'except with `system`',
    fields: {
      notice: {
        description:
          'The engine’s word for it, such as `e2e_notification` or `E2E_ENCRYPTED`; on every engine `disappearing-timer` where somebody changed when messages disappear.',
      },
      expiresAfterSeconds: {
        description: 'Time after which new messages disappear. 0: they do not.',
        unit: 'seconds',
        absent: 'except with `disappearing-timer`',
      },
    },
  },
  unavailable: {
    description:
      'Why the content is not here. `view-once`: only the phone may open it. `undecryptable`: the sender’s device cannot decrypt it, or not yet. `undecryptable-edit`: it changes the message `target` in an unknown way. `unsupported`: the sender’s device is too old for it.',
    absent: 'where the content is here',
  },
  target: {
    description: 'Bare id of the message that an unreadable edit changes.',
    absent: 'except with `undecryptable-edit`',
  },
};

/** The context of a message: mentions, forwarding, origin. */
export const contextFieldDocs: Omit<FieldDocs<Pick<Message, keyof ContextParts>>, 'replyTo'> = {
  mentions: {
    description:
      'Whom the text names with an `@`, and groups that it names. In `body` they stand as digits.',
    absent: 'where it names no person',
  },
  mentionsMe: {
    description: 'Whether this account is among `mentions`.',
    absent:
      'without `mentions`, and where the body knows this account by phone number alone and the mention by hidden id alone',
  },
  forwarded: {
    description: 'Present if the message was forwarded.',
    absent: 'where it was not',
    fields: {
      count: { description: 'Number of times it was forwarded.', absent: 'where that is unknown' },
      frequently: {
        description: 'Whether WhatsApp shows it as forwarded many times: five or more.',
      },
    },
  },
  expiresAfterSeconds: {
    description: 'Time after which the message disappears.',
    unit: 'seconds',
    absent: 'where it stays',
  },
  viewOnce: { description: 'True where it may be opened only once.', absent: 'otherwise' },
  referral: {
    description: 'The ad or post whose link brought the author to this chat.',
    absent: 'where there is none; engines say it with the first message only',
    fields: {
      source: { description: '`ad` or `post`, or another word of WhatsApp’s.' },
      sourceId: { description: 'Id of the ad or post.' },
      url: { description: 'Link to the ad or post.' },
      headline: { description: 'Headline of the ad.' },
      text: { description: 'Text of the ad.' },
      clickId: { description: 'Click id (`ctwa_clid`), with which a conversion is reported.' },
      app: { description: 'App that showed the ad, such as `instagram`.' },
      entryPoint: { description: 'What brought the author here, such as `ctwa_ad`.' },
    },
  },
};
