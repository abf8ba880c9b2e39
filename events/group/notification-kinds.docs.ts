import type { CatalogKindDocs } from '../kind-docs.ts';
import { groupChangeFields } from './group-data.docs.ts';

const ofNotification = {
  data: groupChangeFields,
  key: 'The sender’s event id and time: the payload’s id is the engine’s own. The types that overlap report different details, so they stay apart.',
};

const groupAddress = '120363020000000042@g.us';

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

/** The engine's word of a join. */
export const groupJoinDocs: CatalogKindDocs<'group.join'> = {
  ...ofNotification,
  summary: 'Somebody joined a group, in the engine’s own words.',
  deprecated:
    'Use `group.v2.participants` and `group.v2.join`, which report the same with one shape.',
  variants: [
    'WEBJS: the `GroupNotification` of whatsapp-web.js.',
    'NOWEB: the `GroupMetadata` of Baileys, for this account’s own joins; in old versions a list.',
  ],
  examples: {
    waha: { engine: 'WEBJS', payload: joinNotification },
    wawp: { engine: 'WEBJS', payload: joinNotification },
  },
};

/** The engine's word of a leave. */
export const groupLeaveDocs: CatalogKindDocs<'group.leave'> = {
  ...ofNotification,
  summary: 'Somebody left a group, in the engine’s own words.',
  deprecated:
    'Use `group.v2.participants` and `group.v2.leave`, which report the same with one shape.',
  variants: ['WEBJS: the `GroupNotification` of whatsapp-web.js.'],
  examples: {
    waha: { engine: 'WEBJS', payload: leaveNotification },
    wawp: { engine: 'WEBJS', payload: leaveNotification },
  },
};
