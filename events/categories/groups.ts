import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { type AnyEventType, defineEventType, type WireContext } from '../event-type.ts';
import { eventIdKey } from '../fact-key.ts';
import { type GroupChange, groupChangeData } from '../group/group-data.ts';
import {
  readAction,
  readMemberChange,
  readMembership,
  readUpdate,
} from '../group/read-group-change.ts';
import { isAmong, readChanged, readMembers } from '../group/read-participants.ts';
import {
  type WireGroupChange,
  type WireNotification,
  wireGroupChange,
  wireGroupNotification,
} from '../group/wire-group.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { readMessageId } from '../message-id.ts';
import { present, presentOrNone } from '../own.ts';
import { itemsOf, opaque, wireAddress, wireText, wireTime } from '../wire-value.ts';

const ofGroup = {
  payload: wireGroupChange,
  data: groupChangeData,
  chat: (data: GroupChange) => data.chat,
  // An empty `group` still has WAHA's form; no other sender uses this field.
  isIdentified: (data: GroupChange, { group }: WireGroupChange) =>
    data.chat !== undefined || group != null,
  about: 'a group',
  occurredAt: (data: GroupChange) => data.changedAt,
};

/** Reads the engine's own notification of a join or leave. From a list of groups it reads the first. */
export function readNotification(fallback: 'join' | 'leave') {
  return (
    wire: WireNotification | readonly WireNotification[],
    context: WireContext,
  ): GroupChange => {
    const notification = Array.isArray(wire) ? wire[0] : wire;
    return readOne((notification ?? {}) as WireNotification, context, fallback);
  };
}

function readOne(
  wire: WireNotification,
  { me }: WireContext,
  fallback: 'join' | 'leave',
): GroupChange {
  const action = readAction(wire.type) ?? fallback;
  const recipients = itemsOf(wire.recipientIds)?.map((recipient) => ({ id: recipient }));
  const participants = recipients
    ? readChanged(
        recipients.map(({ id }) => ({ id })),
        action,
      )
    : undefined;
  return present({
    chat: readAddress(wire.chatId ?? readMessageId(wire.id)?.chat ?? wire.id),
    action,
    self: isAmong(participants, me),
    participants,
    by: readAddress(wire.author),
    changedAt: toInstant(wire.timestamp),
    group: presentOrNone({
      subject: wire.subject || undefined,
      description: wire.desc || undefined,
      members: readMembers(itemsOf(wire.participants)),
    }),
  });
}

const ofNotification = {
  payload: wireGroupNotification,
  takesList: true,
  data: groupChangeData,
  chat: (data: GroupChange) => data.chat,
  isIdentified: (data: GroupChange) => data.chat !== undefined,
  about: 'a group',
  occurredAt: (data: GroupChange) => data.changedAt,
};

/** The engine's own notification of a join (deprecated). */
const groupJoin = defineEventType({
  ...ofNotification,
  read: readNotification('join'),
  key: eventIdKey('group.join'),
});

/** The engine's own notification of a leave (deprecated). */
const groupLeave = defineEventType({
  ...ofNotification,
  read: readNotification('leave'),
  key: eventIdKey('group.leave'),
});

/** WAHA's `GroupV2ParticipantsJoinRequestEvent`. */
const wireJoinRequest = lazySchema(() =>
  v.object({
    timestamp: wireTime,
    group: v.nullish(v.object({ id: wireAddress })),
    action: wireText,
    requesterId: wireAddress,
    requesterPn: wireAddress,
    requestMethod: wireText,
    _data: opaque,
  }),
);

const actions = ['created', 'rejected', 'revoked'] as const;

/** A request to join a group, and its result. */
const joinRequestData = lazySchema(() =>
  v.object({
    chat: v.optional(addressData()),
    action: v.optional(v.picklist(actions)),
    requester: v.optional(addressData()),
    method: v.optional(v.string()),
    changedAt: v.optional(instant),
  }),
);

/** Reads a request to join. */
export function readJoinRequest(
  wire: OutputOf<typeof wireJoinRequest>,
): OutputOf<typeof joinRequestData> {
  return present({
    chat: readAddress(wire.group?.id),
    action: actions.find((action) => action === wire.action),
    requester: readAddress(wire.requesterId, wire.requesterPn),
    method: wire.requestMethod || undefined,
    changedAt: toInstant(wire.timestamp),
  });
}

/** Groups and their members. */
export const groups = {
  'group.v2.join': defineEventType({
    ...ofGroup,
    read: readMembership('join'),
    key: eventIdKey('group.v2.join'),
  }),
  'group.v2.leave': defineEventType({
    ...ofGroup,
    read: readMembership('leave'),
    key: eventIdKey('group.v2.leave'),
  }),
  'group.v2.update': defineEventType({
    ...ofGroup,
    read: readUpdate,
    key: eventIdKey('group.v2.update'),
  }),
  'group.v2.participants': defineEventType({
    ...ofGroup,
    read: readMemberChange,
    key: eventIdKey('group.v2.participants'),
  }),
  'group.v2.participants.join-request': defineEventType({
    payload: wireJoinRequest,
    data: joinRequestData,
    read: readJoinRequest,
    isIdentified: (data) => data.chat !== undefined || data.requester !== undefined,
    about: 'a group or who asks',
    key: eventIdKey('group.v2.participants.join-request'),
    chat: (data) => data.chat,
    occurredAt: (data) => data.changedAt,
  }),
  'group.join': groupJoin,
  'group.leave': groupLeave,
} as const satisfies Record<string, AnyEventType>;
