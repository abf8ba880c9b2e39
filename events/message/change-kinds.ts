import { kind } from '../kind.ts';
import { isOutbound } from './is-outbound.ts';
import { authorIn, messageIdentity } from './message-key.ts';
import { editData, readEdit, wireEdit } from './read-edit.ts';
import { reactionData, readReaction, wireReaction } from './read-reaction.ts';
import { readRevocation, revocationData, wireRevocation } from './read-revocation.ts';

/** Emoji. */
export const messageReaction = kind({
  payload: wireReaction,
  data: reactionData,
  read: readReaction,
  key: {
    name: 'message.reaction',
    // WEBJS and WPP may repeat the target's id, which is no id of the reaction.
    identify: ({ data }) =>
      data.messageId?.id === data.target?.id ? undefined : messageIdentity(data),
  },
  chat: (data) => data.chat,
  fromMe: isOutbound,
  occurredAt: (data) => data.reactedAt,
});

/** Deleted for everyone. */
export const messageRevoked = kind({
  payload: wireRevocation,
  data: revocationData,
  read: readRevocation,
  key: {
    name: 'message.revoked',
    identify: ({ data }) => ({
      parts: [data.revokedMessageId, data.direction ?? 'unknown'],
      parties: [data.chat, authorIn(data, data.revokedBy)],
    }),
  },
  chat: (data) => data.chat,
  fromMe: isOutbound,
  occurredAt: (data) => data.revokedAt,
});

/** Changed. */
export const messageEdited = kind({
  payload: wireEdit,
  data: editData,
  read: readEdit,
  key: {
    name: 'message.edited',
    identify: ({ data }) => ({
      parts: [
        data.editedMessageId,
        data.messageId?.id ?? data.editedAt,
        data.direction ?? 'unknown',
      ],
      parties: [data.chat, authorIn(data, data.author)],
    }),
  },
  chat: (data) => data.chat,
  fromMe: isOutbound,
  occurredAt: (data) => data.editedAt,
});
