import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import { stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import { bounded, earliest, knownSession, type Register, type RegistersOf } from './register.ts';

type Call = EventOf<'call.received' | 'call.accepted' | 'call.rejected'>;

/** What the consumer `calls` keeps: when each call rang, was accepted, and ended, and how. */
export const callRegisters: RegistersOf<EventTypeIn<'calls'>> = {
  'call.received': (event) => happened(event, 'received'),
  'call.accepted': (event) => happened(event, 'accepted'),
  'call.rejected': (event) => happened(event, 'ended'),
};

/** Where a call is kept. One whose id the sender does not know (GOWS) is known by its event. */
export function callKey(meta: Meta, callId: string | undefined): string {
  return stateKeys.call(meta.session ?? unnamedSession, callId ?? meta.id);
}

/**
 * Whether somebody has declined the call or taken it elsewhere, so that it was not missed. An archived
 * event may be older than these fields: then it was declined on WEBJS, which reports no
 * other end of a call (WAHA documentation, "Events", `call.rejected`).
 */
export function isTurnedDown({ meta, data }: Pick<Call, 'meta' | 'data'>): boolean {
  const outcome: string = data.outcome ?? 'unanswered';
  if (outcome === 'unanswered') {
    return meta.engine === 'WEBJS';
  }
  return outcome !== 'missed' && outcome !== 'unknown';
}

function happened(
  { meta, data }: Call,
  sk: 'received' | 'accepted' | 'ended',
): readonly Register[] {
  const session = meta.session ?? unnamedSession;
  const { callId, caller, chat, media, group, outcome } = data;
  const call = earliest({ pk: callKey(meta, callId), sk }, meta, {
    ...{ callId: bounded(callId), caller: bounded(caller), chat: bounded(chat) },
    ...{ media, group, outcome },
    at: meta.occurredAt,
    turnedDown: sk === 'ended' ? isTurnedDown({ meta, data }) : undefined,
  });
  const list = {
    partition: stateKeys.calls(session),
    sort: stateKey(meta.occurredAt, callId ?? meta.id),
  };
  return [{ ...call, list }, knownSession(stateKeys.callSessions, session)];
}
