import type { DerivedType } from './derived.ts';
import type { EventTypeDocs } from './event-type-docs.ts';

/** The documentation of derived event types. */
export const derivedDocs: { readonly [T in DerivedType]: EventTypeDocs<T> } = {
  'call.missed': {
    summary: 'A call to this account ended and was neither accepted nor declined.',
    variants: [
      'The consumer `calls` publishes it after a `call.rejected`, if no `call.accepted` of the call is known.',
      'It is published only if the `outcome` of `call.rejected` is `missed` or `unknown`, and no earlier `call.rejected` reports that the call was declined, or accepted on another device.',
      'It is not published on WEBJS, which reports the end of a call only if the call was declined through the sender’s API.',
      'It is published once for each call; if the function crashes, possibly twice, with the same `meta.id`.',
    ],
    data: {
      callId: {
        description: 'The call’s id, the same in all events of one call.',
        absent: 'if the sender does not report it',
      },
      caller: {
        description: 'The caller.',
        absent: 'if `call.rejected` does not name the caller',
      },
      chat: {
        description: 'The caller’s direct chat, or the group that was called.',
        absent: 'in a group call, if the payload does not name the group',
      },
      media: { description: 'Voice or video.', absent: 'if it is not known' },
      group: { description: 'Whether a group was called.', absent: 'if it is not known' },
      outcome: { description: 'Always `missed`.' },
      at: { description: 'When the call ended.', unit: 'ISO-8601 UTC' },
    },
    key: 'The call’s id and the caller; if the caller uses the id again, also the start of the call.',
  },
};
