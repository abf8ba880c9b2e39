import * as v from 'valibot';
import { type Address, addressData, readAddress } from '../address.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
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
    callId: v.optional(v.string()),
    caller: v.optional(addressData()),
    chat: v.optional(addressData()),
    media: v.optional(v.picklist(['voice', 'video'])),
    group: v.optional(v.boolean()),
    outcome: v.optional(v.picklist(['ringing', 'accepted', 'unanswered'])),
    at: v.optional(instant),
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
  chat: (data: Call) => data.chat,
  fromMe: () => undefined,
  occurredAt: (data: Call) => data.at,
};

function keyOf(name: string) {
  return {
    name,
    identify: ({ data: { callId, caller, chat } }: { data: Call }) => ({
      parts: [callId],
      parties: [caller, chat],
    }),
  };
}

/** Calls to this account. */
export const calls = {
  'call.received': kind({
    ...ofCall,
    read: readCall('ringing'),
    key: keyOf('call.received'),
  }),
  'call.accepted': kind({
    ...ofCall,
    read: readCall('accepted'),
    key: keyOf('call.accepted'),
  }),
  'call.rejected': kind({
    ...ofCall,
    read: readCall('unanswered'),
    key: keyOf('call.rejected'),
  }),
} as const satisfies Record<string, AnyKind>;
