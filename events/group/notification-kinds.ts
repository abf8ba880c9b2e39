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
  isIdentified: (data: GroupChange) => data.chat !== undefined,
  about: 'a group',
  occurredAt: (data: GroupChange) => data.changedAt,
};

/** The engine's word of a join. */
export const groupJoin = kind({
  ...ofNotification,
  read: readNotification('join'),
  key: eventIdKey('group.join'),
});

/** The engine's word of a leave. */
export const groupLeave = kind({
  ...ofNotification,
  read: readNotification('leave'),
  key: eventIdKey('group.leave'),
});
