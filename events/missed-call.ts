import type { EnvelopeOf } from './envelope.ts';
import { factKey, idOf } from './fact-key.ts';
import { present } from './own.ts';

/**
 * Creates the event `call.missed` from the event that reports the call's end. The same call always has the
 * same `meta.id`, however often its end is reported.
 */
export function missedCall({
  meta,
  data,
}: Pick<EnvelopeOf<'call.rejected'>, 'meta' | 'data'>): EnvelopeOf<'call.missed'> {
  const { callId, caller, chat, media, group } = data;
  const { version, session, sender, engine, senderVersion, account, tags } = meta;
  return {
    meta: present({
      id: idOf(factKey('call.missed', [session, callId ?? meta.id], [caller, chat])),
      version,
      category: 'calls' as const,
      type: 'call.missed' as const,
      ...{ session, sender, engine, senderVersion, account, tags },
      occurredAt: meta.occurredAt,
      receivedAt: meta.receivedAt,
      chat: meta.chat,
      requestId: meta.requestId,
      traceparent: meta.traceparent,
    }),
    data: present({
      callId,
      caller,
      chat,
      media,
      group,
      outcome: 'missed' as const,
      at: meta.occurredAt,
    }),
  };
}
