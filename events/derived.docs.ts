import type { DerivedType } from './derived.ts';
import type { EventTypeDocs } from './event-type-docs.ts';

/** The documentation of derived event types. */
export const derivedDocs: { readonly [T in DerivedType]: EventTypeDocs<T> } = {
  'call.missed': {
    summary: 'A call to this account ended and was neither accepted nor declined.',
    variants: [
      'Made by the consumer `calls` of `call.rejected`, when no `call.accepted` of the call is known.',
      'Made where its `outcome` is `missed` or `unknown`, and of no other.',
      'Not made on WEBJS, which reports a call’s end only when it was declined through the sender’s API.',
      'Once for each call. Where the function is killed at the wrong moment, twice, with the same `meta.id`.',
    ],
    data: {
      callId: {
        description: 'The call’s id, the same in all events of one call.',
        absent: 'where the sender does not know it',
      },
      caller: {
        description: 'Who called.',
        absent: 'where the end of the call does not name the caller',
      },
      chat: {
        description: 'The caller’s direct chat, or the group that was called.',
        absent: 'in a group call whose group is not said',
      },
      media: { description: 'Voice or video.', absent: 'where it is unknown' },
      group: { description: 'Whether a group was called.', absent: 'where it is unknown' },
      outcome: { description: 'Always `missed`.' },
      at: { description: 'When the call ended.', unit: 'ISO-8601 UTC' },
    },
    key: 'The call’s id and the caller.',
  },
};
