import type { Ack } from './ack.ts';
import type { Address } from './address.ts';
import type { FieldDocs } from './event-type-docs.ts';
import type { MessageId } from './message-id.ts';

/** The fields of an acknowledgement level. */
export const ackFields: FieldDocs<Ack> = {
  level: {
    description:
      'Order of the names: a higher level includes the lower ones. Levels may be skipped and come out of order; keep the highest.',
    unit: '-1 error, 0 pending, 1 server, 2 device, 3 read, 4 played',
    absent: 'where the name is `unknown`',
  },
  name: {
    description:
      '`server`: WhatsApp has it, `device`: delivered, `played`: a voice message was listened to, `unknown`: the sender does not say.',
  },
};

/** The fields of an address. */
export const addressFields: FieldDocs<Address> = {
  kind: {
    description:
      'What the address stands for. `status` is the status feed, `other` a form that is not known.',
  },
  id: {
    description:
      'The address as the sender’s own API takes it: `<digits>@c.us` for a person whose phone number is known, else `<digits>@lid`; `…@g.us`, `…@newsletter`, `status@broadcast`. Device suffixes are gone.',
  },
  phone: {
    description: 'Phone number of a person.',
    unit: 'E.164',
    absent: 'where only the hidden id is known, and for everything but people',
  },
  lid: {
    description: 'Hidden id of a person (LID).',
    absent: 'where it is not known, and for everything but people',
  },
};

/** The fields of a message id. */
export const messageIdFields: FieldDocs<MessageId> = {
  id: {
    description:
      'The bare id. It is the same in the copy that names a chat by hidden id and in the one that names it by phone number: compare messages by it.',
  },
  fromMe: {
    description: 'Whether the id says that this account wrote the message.',
    absent: 'where only the bare id is known',
  },
  chat: {
    description: 'Address of the chat in the id.',
    absent: 'where only the bare id is known',
  },
  participant: {
    description: 'Address of the author in the id.',
    absent: 'outside of groups and status, and where only the bare id is known',
  },
  serialized: {
    description: 'The full id as the sender wrote it, which its API accepts.',
    absent: 'where only the bare id is known',
  },
};
