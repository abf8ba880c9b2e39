import type { CategoryDocs } from '../event-type-docs.ts';
import {
  messageEditedDocs,
  messageReactionDocs,
  messageRevokedDocs,
} from '../message/change-types.docs.ts';
import {
  messageAckDocs,
  messageAckGroupDocs,
  messageAnyDocs,
  messageDocs,
  messageWaitingDocs,
} from '../message/message-types.docs.ts';

/** The documentation of the category `messages`. */
export const messagesDocs: CategoryDocs<'messages'> = {
  message: messageDocs,
  'message.any': messageAnyDocs,
  'message.waiting': messageWaitingDocs,
  'message.reaction': messageReactionDocs,
  'message.ack': messageAckDocs,
  'message.ack.group': messageAckGroupDocs,
  'message.revoked': messageRevokedDocs,
  'message.edited': messageEditedDocs,
};
