import { eventIdKey } from '../event-id-key.ts';
import { type GroupChange, groupChangeData } from '../group/group-data.ts';
import { groupJoin, groupLeave } from '../group/notification-kinds.ts';
import { readMemberChange, readMembership, readUpdate } from '../group/read-group-change.ts';
import { joinRequestData, readJoinRequest, wireJoinRequest } from '../group/read-join-request.ts';
import { type WireGroupChange, wireGroupChange } from '../group/wire-group.ts';
import { type AnyKind, kind } from '../kind.ts';

const ofGroup = {
  payload: wireGroupChange,
  data: groupChangeData,
  chat: (data: GroupChange) => data.chat,
  // An empty `group` is still WAHA's shape, and none that another sender means by the same word.
  isIdentified: (data: GroupChange, { group }: WireGroupChange) =>
    data.chat !== undefined || group != null,
  about: 'a group',
  occurredAt: (data: GroupChange) => data.changedAt,
};

/** Groups and their members. */
export const groups = {
  'group.v2.join': kind({
    ...ofGroup,
    read: readMembership('join'),
    key: eventIdKey('group.v2.join'),
  }),
  'group.v2.leave': kind({
    ...ofGroup,
    read: readMembership('leave'),
    key: eventIdKey('group.v2.leave'),
  }),
  'group.v2.update': kind({
    ...ofGroup,
    read: readUpdate,
    key: eventIdKey('group.v2.update'),
  }),
  'group.v2.participants': kind({
    ...ofGroup,
    read: readMemberChange,
    key: eventIdKey('group.v2.participants'),
  }),
  'group.v2.participants.join-request': kind({
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
} as const satisfies Record<string, AnyKind>;
