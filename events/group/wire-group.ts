import * as v from 'valibot';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import {
  opaque,
  wireAddress,
  wireFlag,
  wireList,
  wireMessageId,
  wireText,
  wireTime,
} from '../wire-value.ts';

const wireParticipant = lazySchema(() =>
  v.union([
    v.string(),
    v.object({
      id: wireAddress,
      pn: wireAddress,
      role: wireText,
      /** In Baileys' own participants, in the deprecated event types. */
      admin: wireText,
      phoneNumber: wireAddress,
      lid: wireAddress,
    }),
  ]),
);

/** One participant as text or as an object. */
export type WireParticipant = OutputOf<typeof wireParticipant>;

/** The payload of WAHA's `group.v2.*`; `chatId`, `action`, `subject`, `description` are Wawp's. */
export const wireGroupChange = lazySchema(() =>
  v.object({
    timestamp: wireTime,
    type: wireText,
    group: v.nullish(
      v.object({
        id: wireAddress,
        subject: wireText,
        description: wireText,
        invite: wireText,
        membersCanAddNewMember: wireFlag,
        membersCanSendMessages: wireFlag,
        newMembersApprovalRequired: wireFlag,
        participants: wireList(wireParticipant()),
      }),
    ),
    participants: wireList(wireParticipant()),
    _data: opaque,
    chatId: wireAddress,
    action: wireText,
    subject: wireText,
    description: wireText,
  }),
);

/** See {@link wireGroupChange}. */
export type WireGroupChange = OutputOf<typeof wireGroupChange>;

const wireNotification = lazySchema(() =>
  v.object({
    id: wireMessageId,
    chatId: wireAddress,
    type: wireText,
    body: opaque,
    timestamp: wireTime,
    author: wireAddress,
    recipientIds: wireList(wireAddress),
    subject: wireText,
    desc: wireText,
    participants: wireList(wireParticipant()),
  }),
);

/**
 * The engine's own object, which the deprecated event types pass on: whatsapp-web.js' `GroupNotification` or
 * Baileys' `GroupMetadata`, of which old versions of NOWEB send a list. The list schema is first, because
 * valibot's object schema also accepts a list.
 */
export const wireGroupNotification = lazySchema(() =>
  v.union([v.array(wireNotification()), wireNotification()]),
);

/** One of {@link wireGroupNotification}. */
export type WireNotification = OutputOf<typeof wireNotification>;
