import type { Ack } from './ack.ts';
import type { Address } from './address.ts';
import type { FieldDocs } from './event-type-docs.ts';
import type { MessageId } from './message-id.ts';

/** The fields of an acknowledgement level. */
export const ackFields: FieldDocs<Ack> = {
  level: {
    description:
      'Level as a number: a higher level includes the lower ones. Levels can be skipped and arrive out of order; keep the highest.',
    unit: '-1 error, 0 pending, 1 server, 2 device, 3 read, 4 played',
    absent: 'if the name is `unknown`',
  },
  name: {
    description:
      '`server`: WhatsApp has received the message, `device`: delivered, `played`: a voice message was played, `unknown`: the sender does not report it.',
  },
};

/** The fields of an address. */
export const addressFields: FieldDocs<Address> = {
  kind: {
    description:
      'What the address identifies. `status`: the status feed. `other`: an address of an unknown format.',
  },
  id: {
    description:
      'The address in the format that the sender’s API accepts: `<digits>@c.us` for a person whose phone number is known, else `<digits>@lid`; `…@g.us`, `…@newsletter`, `status@broadcast`. Device suffixes are removed.',
  },
  phone: {
    description: 'Phone number of a person.',
    unit: 'E.164',
    absent: 'if only the hidden id is known, and for addresses that are not people',
  },
  lid: {
    description: 'Hidden id of a person (LID).',
    absent: 'if it is not known, and for addresses that are not people',
  },
};

/** The fields of a message id. */
export const messageIdFields: FieldDocs<MessageId> = {
  id: {
    description:
      'The bare id. It is the same whether a webhook names the chat by phone number or by hidden id: compare messages by it.',
  },
  fromMe: {
    description: 'Whether this account wrote the message, according to the id.',
    absent: 'if only the bare id is known',
  },
  chat: {
    description: 'Address of the chat in the id.',
    absent: 'if only the bare id is known',
  },
  participant: {
    description: 'Address of the author in the id.',
    absent: 'outside of groups and the status feed, and if only the bare id is known',
  },
  serialized: {
    description: 'The full id in the sender’s format, which its API accepts.',
    absent: 'if only the bare id is known',
  },
};
