import type { EnvelopeOf } from './envelope.ts';
import { factKey, idOf } from './fact-key.ts';
import { hopsAfter } from './hops.ts';
import { present } from './own.ts';

/**
 * The event `call.missed`, made of the event that reports the call's end. The same call gives the same
 * `meta.id`, however often its end is reported.
 *
 * @param startedAt when the call began, if its id was used for another call before
 * @throws TooManyHopsError
 */
export function missedCall(
  { meta, data }: Pick<EnvelopeOf<'call.rejected'>, 'meta' | 'data'>,
  startedAt?: string,
): EnvelopeOf<'call.missed'> {
  const { callId, caller, chat, media, group } = data;
  const { version, session, sender, engine, senderVersion, account, tags } = meta;
  const parts = [session, callId ?? meta.id, ...(startedAt === undefined ? [] : [startedAt])];
  return {
    meta: present({
      id: idOf(factKey('call.missed', parts, [caller, chat])),
      version,
      category: 'calls' as const,
      type: 'call.missed' as const,
      ...{ session, sender, engine, senderVersion, account, tags },
      occurredAt: meta.occurredAt,
      receivedAt: meta.receivedAt,
      chat: meta.chat,
      requestId: meta.requestId,
      traceparent: meta.traceparent,
      hops: hopsAfter({ meta }),
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
