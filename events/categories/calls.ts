import * as v from 'valibot';
import { type Address, addressData, readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
import { type AnyKind, kind, type WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { own } from '../own.ts';
import { present } from '../present.ts';
import { opaque, wireAddress, wireFlag, wireText, wireTime } from '../wire-value.ts';

const wireCall = lazySchema(() =>
  v.object({
    id: wireText,
    from: wireAddress,
    timestamp: wireTime,
    isVideo: wireFlag,
    isGroup: wireFlag,
    _data: opaque,
  }),
);

const callData = lazySchema(() =>
  v.object({
    callId: field(v.string(), 'The call’s id, the same in all events of one call.', {
      absent: 'where GOWS does not know it',
      source: '`id`',
    }),
    caller: field(addressData(), 'Who calls.', { absent: 'from Wawp once the call is answered' }),
    chat: field(addressData(), 'The caller’s direct chat, or the group that is called.', {
      absent: 'in a group call whose group is not said',
    }),
    media: field(v.picklist(['voice', 'video']), 'Voice or video.', {
      absent: 'where it is not said, and on WEBJS for rejected calls, where it is always “voice”',
      source: '`isVideo`',
    }),
    group: field(v.boolean(), 'Whether a group is called.', { source: '`isGroup`' }),
    outcome: field(
      v.picklist(['ringing', 'accepted', 'unanswered']),
      '`unanswered`: rejected, missed or given up by the caller; the senders do not tell which.',
    ),
    at: field(instant, 'When it rang, was accepted, or ended.', {
      unit: 'ISO-8601 UTC',
      source: '`timestamp`, seconds, on NOWEB and GOWS with a fraction',
    }),
  }),
);

type Call = OutputOf<typeof callData>;

/** WEBJS makes up `isVideo` and `isGroup` of a rejected call. */
const MAKES_UP_REJECTED: ReadonlySet<string | undefined> = new Set(['WEBJS']);

function readCall(outcome: Call['outcome']) {
  return (wire: OutputOf<typeof wireCall>, { engine }: WireContext): Call => {
    const from = readAddress(
      wire.from,
      own(wire._data, 'callerPn'),
      own(wire._data, 'CallCreatorAlt'),
    );
    const group =
      readAddress(own(wire._data, 'groupJid'), own(wire._data, 'GroupJID')) ?? ifGroup(from);
    const says = !(outcome === 'unanswered' && MAKES_UP_REJECTED.has(engine));
    const isGroup = group !== undefined ? true : says ? (wire.isGroup ?? undefined) : undefined;
    return present({
      callId: wire.id || undefined,
      caller: from?.kind === 'user' ? from : undefined,
      chat: group ?? (isGroup ? undefined : from),
      media: says && wire.isVideo != null ? (wire.isVideo ? 'video' : 'voice') : undefined,
      group: isGroup,
      outcome,
      at: toInstant(wire.timestamp),
    });
  };
}

function ifGroup(address: Address | undefined): Address | undefined {
  return address?.kind === 'group' ? address : undefined;
}

const ofCall = {
  payload: wireCall,
  data: callData,
  variants: [
    'NOWEB and GOWS: `timestamp` may have a fraction; `isGroup` may be null, `id` null on GOWS.',
    'Wawp: `id`, and for received calls `from` and `isVideo`.',
  ],
  chat: (data: Call) => data.chat,
  fromMe: () => undefined,
  occurredAt: (data: Call) => data.at,
};

function keyOf(name: string) {
  return {
    name,
    rule: 'The call’s id and the kind: one call rings, is accepted and ends once each.',
    parts: ({ data }: { data: Call }) => [data.callId],
  };
}

const example = {
  id: '7C21E09B4AD85F36',
  from: '12025550142@c.us',
  timestamp: 1767269400.25,
  isVideo: false,
  isGroup: false,
  _data: {},
};

/** Calls to this account. */
export const calls = {
  'call.received': kind({
    ...ofCall,
    summary: 'Somebody calls this account, by voice or video.',
    read: readCall('ringing'),
    key: keyOf('call.received'),
    examples: {
      waha: { engine: 'GOWS', payload: example },
      wawp: {
        engine: 'WEBJS',
        payload: { id: '0F93B7C6D154A82E', from: '447700900123@c.us', isVideo: true },
      },
    },
  }),
  'call.accepted': kind({
    ...ofCall,
    summary: 'A call to this account was accepted on one of its devices.',
    read: readCall('accepted'),
    key: keyOf('call.accepted'),
    examples: {
      waha: { engine: 'GOWS', payload: { ...example, timestamp: 1767269406 } },
      wawp: { engine: 'WEBJS', payload: { id: '0F93B7C6D154A82E' } },
    },
  }),
  'call.rejected': kind({
    ...ofCall,
    summary: 'A call to this account ended unanswered: it was rejected, missed or given up.',
    read: readCall('unanswered'),
    key: keyOf('call.rejected'),
    examples: {
      waha: { engine: 'NOWEB', payload: { ...example, timestamp: 1767269412, isGroup: null } },
      wawp: { engine: 'WEBJS', payload: { id: '0F93B7C6D154A82E' } },
    },
  }),
} as const satisfies Record<string, AnyKind>;
