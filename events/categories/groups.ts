import { eventIdKey } from '../event-id-key.ts';
import { type GroupChange, groupChangeData } from '../group/group-data.ts';
import { groupJoin, groupLeave } from '../group/notification-kinds.ts';
import { readMemberChange, readMembership, readUpdate } from '../group/read-group-change.ts';
import { joinRequestData, readJoinRequest, wireJoinRequest } from '../group/read-join-request.ts';
import { wireGroupChange } from '../group/wire-group.ts';
import { type AnyKind, kind } from '../kind.ts';

const ofGroup = {
  payload: wireGroupChange,
  data: groupChangeData,
  chat: (data: GroupChange) => data.chat,
  occurredAt: (data: GroupChange) => data.changedAt,
};

const groupKey = (name: string) =>
  eventIdKey(
    name,
    'the payload has no id. The kinds that overlap do not tell the same, so they stay apart; compare `chat`, `action` and `participants`.',
  );

const GROUP = '120363020000000042@g.us';
const WAWP_GROUP = '120363020000000077@g.us';

const joinRequest = {
  group: { id: GROUP },
  action: 'created',
  requesterId: '171240568000123@lid',
  requesterPn: '447700900123@c.us',
  requestMethod: 'invite_link',
  timestamp: 1767269840321,
  _data: {},
};

/** Groups and their members. */
export const groups = {
  'group.v2.join': kind({
    ...ofGroup,
    summary: 'This account joined a group or was added to one; from Wawp, any member.',
    variants: [
      'WAHA: `group` with all members; `timestamp` in milliseconds on NOWEB and GOWS, in seconds on WEBJS and WPP.',
      'Wawp: `chatId` and `participants`, which may be an object with the keys "0", "1" and so on.',
    ],
    read: readMembership('join'),
    key: groupKey('group.v2.join'),
    examples: {
      waha: {
        engine: 'GOWS',
        payload: {
          timestamp: 1767269600123,
          group: {
            id: GROUP,
            subject: 'Allotment 12',
            description: 'Water on Tuesdays',
            membersCanAddNewMember: true,
            membersCanSendMessages: false,
            newMembersApprovalRequired: false,
            participants: [
              { id: '206158430200142@lid', pn: '12025550142@c.us', role: 'superadmin' },
              { id: '118832900000100@lid', pn: '447700900100@c.us', role: 'participant' },
            ],
          },
          _data: {},
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: { chatId: WAWP_GROUP, participants: ['447700900123@c.us'] },
      },
    },
  }),
  'group.v2.leave': kind({
    ...ofGroup,
    summary: 'This account left a group or was removed from it; from Wawp, any member.',
    variants: ['WAHA: `group.id` only.', 'Wawp: `chatId` and `participants`.'],
    read: readMembership('leave'),
    key: groupKey('group.v2.leave'),
    examples: {
      waha: {
        engine: 'WPP',
        payload: { timestamp: 1767269660, group: { id: GROUP }, _data: {} },
      },
      wawp: {
        engine: 'WEBJS',
        payload: { chatId: WAWP_GROUP, participants: { '0': '447700900123@c.us' } },
      },
    },
  }),
  'group.v2.update': kind({
    ...ofGroup,
    summary: 'The name, description, invitation link or a setting of a group changed.',
    variants: [
      'NOWEB and GOWS: only what changed; WEBJS: the whole group without members; WPP: name or description.',
      'Wawp: `chatId`, `subject`, `description`.',
    ],
    read: readUpdate,
    key: groupKey('group.v2.update'),
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          timestamp: 1767269720456,
          group: { id: GROUP, membersCanSendMessages: true },
          _data: { id: GROUP, announce: true, author: '206158430200142@lid' },
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          chatId: WAWP_GROUP,
          subject: 'Choir, Thursdays',
          description: 'Bring the green folder',
        },
      },
    },
  }),
  'group.v2.participants': kind({
    ...ofGroup,
    summary: 'Members of a group joined, left, were promoted to admin, or demoted.',
    variants: [
      'NOWEB: a demoted member has the role `admin`; `type` may be missing for rare changes.',
      'WPP: leaves this account’s own joins and leaves to `group.v2.join` and `group.v2.leave`.',
      'Wawp: `chatId`, `action`, `participants` without roles.',
    ],
    read: readMemberChange,
    key: groupKey('group.v2.participants'),
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          type: 'demote',
          timestamp: 1767269780789,
          group: { id: GROUP },
          participants: [{ id: '206158430200142@lid', pn: '12025550142@c.us', role: 'admin' }],
          _data: { id: GROUP, author: '118832900000100@lid', action: 'demote' },
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          chatId: WAWP_GROUP,
          action: 'promote',
          participants: { '0': '447700900123@c.us' },
        },
      },
    },
  }),
  'group.v2.participants.join-request': kind({
    summary:
      'Somebody asks to join a group that admins must let people into, or the request ended.',
    variants: ['WAHA since 2026.8.2; Wawp does not document it.'],
    payload: wireJoinRequest,
    data: joinRequestData,
    read: readJoinRequest,
    key: groupKey('group.v2.participants.join-request'),
    chat: (data) => data.chat,
    occurredAt: (data) => data.changedAt,
    examples: {
      waha: { engine: 'GOWS', payload: joinRequest },
      wawp: { engine: 'GOWS', payload: joinRequest },
    },
  }),
  'group.join': groupJoin,
  'group.leave': groupLeave,
} as const satisfies Record<string, AnyKind>;
