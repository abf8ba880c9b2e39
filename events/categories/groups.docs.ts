import type { DataOf } from '../envelope.ts';
import type { CatalogEventTypeDocs, CategoryDocs, FieldDocs } from '../event-type-docs.ts';
import { groupChangeFields } from '../group/group-data.docs.ts';

const groupKey =
  'The sender’s event id and time, because the payload has no id. Event types that report the same change with different details are separate events; compare `chat`, `action` and `participants`.';

const ofGroup = { data: groupChangeFields, key: groupKey };

const joinRequestFields: FieldDocs<DataOf<'group.v2.participants.join-request'>> = {
  chat: { description: 'The group.', source: '`group.id`' },
  action: {
    description:
      '`created`: a person asks to join. `rejected`: an admin rejected the request. `revoked`: the person withdrew the request. An approved request is reported by `group.v2.participants`.',
  },
  requester: {
    description: 'The person who wants to join.',
    source: '`requesterId`, `requesterPn`',
  },
  method: {
    description: 'How the request was made, for example `invite_link`.',
    source: '`requestMethod`',
  },
  changedAt: {
    description: 'When it happened.',
    unit: 'ISO-8601 UTC',
    source: '`timestamp`: milliseconds on NOWEB and GOWS, seconds on WEBJS and WPP',
  },
};

const groupAddress = '120363020000000042@g.us';
const wawpGroup = '120363020000000077@g.us';

const joinRequest = {
  group: { id: groupAddress },
  action: 'created',
  requesterId: '171240568000123@lid',
  requesterPn: '447700900123@c.us',
  requestMethod: 'invite_link',
  timestamp: 1767269840321,
  _data: {},
};

const ofNotification = {
  data: groupChangeFields,
  key: 'The sender’s event id and time, because the payload’s id is internal to the engine. Event types that report the same change with different details are separate events.',
};

const notification = {
  id: {
    fromMe: false,
    remote: groupAddress,
    id: '33815204071767269600',
    participant: '12025550142@c.us',
    _serialized: `false_${groupAddress}_33815204071767269600_12025550142@c.us`,
  },
  chatId: groupAddress,
  timestamp: 1767269600,
  author: '12025550142@c.us',
  body: '',
};

const joinNotification = { ...notification, type: 'add', recipientIds: ['447700900123@c.us'] };
const leaveNotification = { ...notification, type: 'remove', recipientIds: ['447700900123@c.us'] };

/** The documentation of `group.join`, the engine's own notification of a join. */
export const groupJoinDocs: CatalogEventTypeDocs<'group.join'> = {
  ...ofNotification,
  summary: 'A person joined a group; the payload is the engine’s own object.',
  deprecated:
    'Use `group.v2.participants` and `group.v2.join`, which report the same in one format.',
  variants: [
    'WEBJS: the `GroupNotification` of whatsapp-web.js.',
    'NOWEB: the `GroupMetadata` of Baileys, for this account’s own joins; in old versions a list.',
  ],
  examples: {
    waha: { engine: 'WEBJS', payload: joinNotification },
    wawp: { engine: 'WEBJS', payload: joinNotification },
  },
};

/** The documentation of `group.leave`, the engine's own notification of a leave. */
export const groupLeaveDocs: CatalogEventTypeDocs<'group.leave'> = {
  ...ofNotification,
  summary: 'A person left a group; the payload is the engine’s own object.',
  deprecated:
    'Use `group.v2.participants` and `group.v2.leave`, which report the same in one format.',
  variants: ['WEBJS: the `GroupNotification` of whatsapp-web.js.'],
  examples: {
    waha: { engine: 'WEBJS', payload: leaveNotification },
    wawp: { engine: 'WEBJS', payload: leaveNotification },
  },
};

/** The documentation of the category `groups`. */
export const groupsDocs: CategoryDocs<'groups'> = {
  'group.v2.join': {
    ...ofGroup,
    summary: 'This account joined a group or was added to one; from Wawp, any member.',
    variants: [
      'WAHA: `group` with all members; `timestamp` in milliseconds on NOWEB and GOWS, in seconds on WEBJS and WPP.',
      'Wawp: `chatId` and `participants`, which may be an object with the keys "0", "1" and so on.',
    ],
    examples: {
      waha: {
        engine: 'GOWS',
        payload: {
          timestamp: 1767269600123,
          group: {
            id: groupAddress,
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
        payload: { chatId: wawpGroup, participants: ['447700900123@c.us'] },
      },
    },
  },
  'group.v2.leave': {
    ...ofGroup,
    summary: 'This account left a group or was removed from it; from Wawp, any member.',
    variants: ['WAHA: `group.id` only.', 'Wawp: `chatId` and `participants`.'],
    examples: {
      waha: {
        engine: 'WPP',
        payload: { timestamp: 1767269660, group: { id: groupAddress }, _data: {} },
      },
      wawp: {
        engine: 'WEBJS',
        payload: { chatId: wawpGroup, participants: { '0': '447700900123@c.us' } },
      },
    },
  },
  'group.v2.update': {
    ...ofGroup,
    summary: 'The name, description, invitation link or a setting of a group changed.',
    variants: [
      'NOWEB and GOWS: only what changed; WEBJS: the full group without members; WPP: name or description.',
      'Wawp: `chatId`, `subject`, `description`.',
    ],
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          timestamp: 1767269720456,
          group: { id: groupAddress, membersCanSendMessages: true },
          _data: { id: groupAddress, announce: true, author: '206158430200142@lid' },
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          chatId: wawpGroup,
          subject: 'Choir, Thursdays',
          description: 'Bring the green folder',
        },
      },
    },
  },
  'group.v2.participants': {
    ...ofGroup,
    summary: 'Members of a group joined, left, were promoted to admin, or demoted.',
    variants: [
      'NOWEB: a demoted member has the role `admin`; `type` may be missing for rare changes.',
      'WPP: joins and leaves of this account are reported by `group.v2.join` and `group.v2.leave` only.',
      'Wawp: `chatId`, `action`, `participants` without roles.',
    ],
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          type: 'demote',
          timestamp: 1767269780789,
          group: { id: groupAddress },
          participants: [{ id: '206158430200142@lid', pn: '12025550142@c.us', role: 'admin' }],
          _data: { id: groupAddress, author: '118832900000100@lid', action: 'demote' },
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          chatId: wawpGroup,
          action: 'promote',
          participants: { '0': '447700900123@c.us' },
        },
      },
    },
  },
  'group.v2.participants.join-request': {
    summary: 'A person asks to join a group whose admins approve members, or the request ended.',
    variants: ['WAHA since 2026.8.2; Wawp does not document it.'],
    data: joinRequestFields,
    key: groupKey,
    examples: {
      waha: { engine: 'GOWS', payload: joinRequest },
      wawp: { engine: 'GOWS', payload: joinRequest },
    },
  },
  'group.join': groupJoinDocs,
  'group.leave': groupLeaveDocs,
};
