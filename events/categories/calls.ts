import * as v from 'valibot';
import { type Address, addressData, readAddress } from '../address.ts';
import { type AnyEventType, defineEventType, type WireContext } from '../event-type.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { own, present } from '../own.ts';
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

/** The state of a call, or how it ended. */
const outcomes = [
  'ringing',
  'accepted',
  'rejected',
  'missed',
  'accepted-elsewhere',
  'rejected-elsewhere',
  'unknown',
] as const;

const callData = lazySchema(() =>
  v.object({
    callId: v.optional(v.string()),
    caller: v.optional(addressData()),
    chat: v.optional(addressData()),
    media: v.optional(v.picklist(['voice', 'video'])),
    group: v.optional(v.boolean()),
    outcome: v.optional(v.picklist(outcomes)),
    at: v.optional(instant),
  }),
);

type Call = OutputOf<typeof callData>;

type Outcome = (typeof outcomes)[number];

/** Baileys' `WACallUpdateType`. `terminate` is sent at every end of a call. */
const nowebEnds: ReadonlyMap<unknown, Outcome> = new Map([
  ['reject', 'rejected'],
  ['timeout', 'missed'],
]);

/** `Reason` of whatsmeow's `CallTerminate`. */
const gowsEnds: ReadonlyMap<unknown, Outcome> = new Map([
  ['timeout', 'missed'],
  ['accepted_elsewhere', 'accepted-elsewhere'],
  ['rejected_elsewhere', 'rejected-elsewhere'],
]);

/** WhatsApp Web's state of a call. */
const webEnds: ReadonlyMap<unknown, Outcome> = new Map([
  ['REJECTED', 'rejected'],
  ['NOT_ANSWERED', 'missed'],
]);

/** Reads how a call ended, from the engine's own object. */
function readEnd(raw: unknown, engine: string | undefined): Outcome {
  const status = nowebEnds.get(own(raw, 'status'));
  if (status !== undefined) {
    return status;
  }
  if (own(raw, 'Reason') !== undefined) {
    return gowsEnds.get(own(raw, 'Reason')) ?? 'unknown';
  }
  // whatsmeow's `CallReject` has the fields of a `CallTerminate` except the reason.
  if (own(raw, 'CallID') !== undefined || own(raw, 'CallCreator') !== undefined) {
    return 'rejected';
  }
  // WEBJS reports the end of a call only when it is rejected through the API.
  return webEnds.get(own(raw, 'state')) ?? (engine === 'WEBJS' ? 'rejected' : 'unknown');
}

/** Engines that send invented values of `isVideo` and `isGroup` for a rejected call. */
const enginesWithInventedFlags: ReadonlySet<string | undefined> = new Set(['WEBJS']);

function readCall(event: 'ringing' | 'accepted' | 'ended') {
  return (wire: OutputOf<typeof wireCall>, { engine }: WireContext): Call => {
    const from = readAddress(
      wire.from,
      own(wire._data, 'callerPn'),
      own(wire._data, 'CallCreatorAlt'),
    );
    const group =
      readAddress(own(wire._data, 'groupJid'), own(wire._data, 'GroupJID')) ?? ifGroup(from);
    const says = !(event === 'ended' && enginesWithInventedFlags.has(engine));
    const isGroup = group !== undefined ? true : says ? (wire.isGroup ?? undefined) : undefined;
    return present({
      callId: wire.id || undefined,
      caller: from?.kind === 'user' ? from : undefined,
      chat: group ?? (isGroup ? undefined : from),
      media: says && wire.isVideo != null ? (wire.isVideo ? 'video' : 'voice') : undefined,
      group: isGroup,
      outcome: event === 'ended' ? readEnd(wire._data, engine) : event,
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
  isIdentified: (data: Call) => data.callId !== undefined || data.caller !== undefined,
  about: 'a call id or a caller',
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
  'call.received': defineEventType({
    ...ofCall,
    read: readCall('ringing'),
    key: keyOf('call.received'),
  }),
  'call.accepted': defineEventType({
    ...ofCall,
    read: readCall('accepted'),
    key: keyOf('call.accepted'),
  }),
  'call.rejected': defineEventType({
    ...ofCall,
    read: readCall('ended'),
    key: keyOf('call.rejected'),
  }),
} as const satisfies Record<string, AnyEventType>;
