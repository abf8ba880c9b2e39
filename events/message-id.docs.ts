import type { FieldDocs } from './kind-docs.ts';
import type { MessageId } from './message-id.ts';

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
    description: 'Address of the chat as the id has it.',
    absent: 'where only the bare id is known',
  },
  participant: {
    description: 'Address of the author as the id has it.',
    absent: 'outside of groups and status, and where only the bare id is known',
  },
  serialized: {
    description: 'The full id as the sender wrote it, which its API accepts.',
    absent: 'where only the bare id is known',
  },
};
