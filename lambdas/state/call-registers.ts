import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import type { StepName } from '../../events/state/call-steps.ts';
import { stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  aliases,
  bounded,
  constant,
  cut,
  earliest,
  happenedAt,
  knownSession,
  type Register,
  type RegistersOf,
  stored,
} from './register.ts';

type Call = EventOf<'call.received' | 'call.accepted' | 'call.rejected'>;

/** The registers of the consumer `calls`: when each call rang, was accepted and ended, and its outcome. */
export const callRegisters: RegistersOf<EventTypeIn<'calls'>> = {
  'call.received': (event) => happened(event, 'received'),
  'call.accepted': (event) => happened(event, 'accepted'),
  'call.rejected': (event) => happened(event, 'ended'),
};

/**
 * The partition key of the calls with one id. The caller's device chooses the id, so the sort key contains
 * the caller too. A call whose id the sender does not know (GOWS) is identified by its event.
 */
export function callKey(meta: Meta, callId: string | undefined): string {
  return stateKeys.call(meta.session ?? unnamedSession, callId ?? meta.id);
}

/**
 * Whether the call was declined, or accepted on another device, so that it was not missed. An archived event
 * may be older than these fields; on WEBJS it was then declined, since WEBJS reports no other end of a call
 * (WAHA documentation, "Events", `call.rejected`).
 */
export function isTurnedDown({ meta, data }: Pick<Call, 'meta' | 'data'>): boolean {
  const outcome: string = data.outcome ?? 'unanswered';
  if (outcome === 'unanswered') {
    return meta.engine === 'WEBJS';
  }
  return outcome !== 'missed' && outcome !== 'unknown';
}

/**
 * Each step of a call is an item of its own, since a call may be reported as ended more than once, and its id
 * may be used for another call. Rows of earlier versions have neither time nor outcome in the sort key.
 */
function happened({ meta, data }: Call, step: StepName): readonly Register[] {
  const session = meta.session ?? unnamedSession;
  const { callId, caller, chat, media, group, outcome } = data;
  const id = callId ?? meta.id;
  const at = happenedAt(meta);
  const sk = stateKey(step, caller?.id ?? '', at, outcome ?? '');
  return [
    earliest({ pk: callKey(meta, callId), sk }, meta, {
      ...{ callId: bounded(callId), caller: stored(caller), chat: stored(chat) },
      ...{ media, group, outcome, at },
      turnedDown: step === 'ended' ? isTurnedDown({ meta, data }) : undefined,
    }),
    {
      ...constant(
        {
          pk: stateKeys.calls(session),
          sk: stateKey(at, id, caller?.id ?? ''),
        },
        { call: cut(id), caller: caller && { id: cut(caller.id) } },
      ),
      receivedAt: meta.receivedAt,
    },
    ...(caller ? aliases('calls', meta, caller) : []),
    knownSession(stateKeys.callSessions, session),
  ];
}
