import { eventIdKey } from '../event-id-key.ts';
import { kind } from '../kind.ts';
import { type GroupChange, groupChangeData } from './group-data.ts';
import { readNotification } from './read-notification.ts';
import { wireGroupNotification } from './wire-group.ts';

const ofNotification = {
  payload: wireGroupNotification,
  takesList: true,
  data: groupChangeData,
  chat: (data: GroupChange) => data.chat,
  occurredAt: (data: GroupChange) => data.changedAt,
};

const WHY =
  'the payload’s id is the engine’s own. The kinds that overlap do not tell the same, so they stay apart.';

const GROUP = '120363020000000042@g.us';

const notification = {
  id: {
    fromMe: false,
    remote: GROUP,
    id: '33815204071767269600',
    participant: '12025550142@c.us',
    _serialized: `false_${GROUP}_33815204071767269600_12025550142@c.us`,
  },
  chatId: GROUP,
  timestamp: 1767269600,
  author: '12025550142@c.us',
  body: '',
};

const joinNotification = { ...notification, type: 'add', recipientIds: ['447700900123@c.us'] };
const leaveNotification = { ...notification, type: 'remove', recipientIds: ['447700900123@c.us'] };

/** The engine's word of a join. */
export const groupJoin = kind({
  ...ofNotification,
  summary: 'Somebody joined a group, in the engine’s own words.',
  deprecated:
    'Use `group.v2.participants` and `group.v2.join`, which tell the same with one shape.',
  variants: [
    'WEBJS: the `GroupNotification` of whatsapp-web.js.',
    'NOWEB: the `GroupMetadata` of Baileys, for this account’s own joins; in old versions a list.',
  ],
  read: readNotification('join'),
  key: eventIdKey('group.join', WHY),
  examples: {
    waha: { engine: 'WEBJS', payload: joinNotification },
    wawp: { engine: 'WEBJS', payload: joinNotification },
  },
});

/** The engine's word of a leave. */
export const groupLeave = kind({
  ...ofNotification,
  summary: 'Somebody left a group, in the engine’s own words.',
  deprecated:
    'Use `group.v2.participants` and `group.v2.leave`, which tell the same with one shape.',
  variants: ['WEBJS: the `GroupNotification` of whatsapp-web.js.'],
  read: readNotification('leave'),
  key: eventIdKey('group.leave', WHY),
  examples: {
    waha: { engine: 'WEBJS', payload: leaveNotification },
    wawp: { engine: 'WEBJS', payload: leaveNotification },
  },
});
