import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';

const callFields: FieldDocs<DataOf<'call.received'>> = {
  callId: {
    description: 'The call’s id, the same in all events of one call.',
    absent: 'if GOWS does not report it',
    source: '`id`',
  },
  caller: { description: 'The caller.', absent: 'from Wawp, after the call was answered' },
  chat: {
    description: 'The caller’s direct chat, or the group that is called.',
    absent: 'in a group call, if the payload does not name the group',
  },
  media: {
    description: 'Voice or video.',
    absent:
      'if the payload does not contain it, and on WEBJS for rejected calls, where it is always “voice”',
    source: '`isVideo`',
  },
  group: { description: 'Whether a group is called.', source: '`isGroup`' },
  outcome: {
    description:
      'State of the call, or how it ended. `rejected`: a person declined it, or this account did through the API. `missed`: the call was not answered. `accepted-elsewhere`, `rejected-elsewhere`: on another device of this account. `unknown`: the sender does not report how it ended. `call.missed` is published after `missed` and `unknown`.',
    source: '`_data.status` on NOWEB, `_data.Reason` on GOWS; WEBJS reports rejections only',
  },
  at: {
    description: 'When the call rang, was accepted, or ended.',
    unit: 'ISO-8601 UTC',
    source: '`timestamp`, seconds, on NOWEB and GOWS with a fraction',
  },
};

const ofCall = {
  data: callFields,
  variants: [
    'NOWEB and GOWS: `timestamp` may have a fraction; `isGroup` may be null, `id` null on GOWS.',
    'Wawp: `id`, and for received calls `from` and `isVideo`.',
  ],
  key: 'The call’s id, the caller and the event type: a call rings, is accepted and ends once each.',
};

const example = {
  id: '7C21E09B4AD85F36',
  from: '12025550142@c.us',
  timestamp: 1767269400.25,
  isVideo: false,
  isGroup: false,
  _data: {},
};

/** The documentation of the category `calls`. */
export const callsDocs: CategoryDocs<'calls'> = {
  'call.received': {
    ...ofCall,
    summary: 'A person calls this account, by voice or video.',
    examples: {
      waha: { engine: 'GOWS', payload: example },
      wawp: {
        engine: 'WEBJS',
        payload: { id: '0F93B7C6D154A82E', from: '447700900123@c.us', isVideo: true },
      },
    },
  },
  'call.accepted': {
    ...ofCall,
    summary: 'A call to this account was accepted on one of its devices.',
    examples: {
      waha: { engine: 'GOWS', payload: { ...example, timestamp: 1767269406 } },
      wawp: { engine: 'WEBJS', payload: { id: '0F93B7C6D154A82E' } },
    },
  },
  'call.rejected': {
    ...ofCall,
    summary: 'A call to this account ended without being accepted here. `outcome` is the reason.',
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: { ...example, timestamp: 1767269412, isGroup: null, _data: { status: 'timeout' } },
      },
      wawp: { engine: 'WEBJS', payload: { id: '0F93B7C6D154A82E' } },
    },
  },
};
