import * as v from 'valibot';
import { addressData } from './address.ts';
import { always, field, instant } from './data-field.ts';
import { lazySchema } from './lazy-schema.ts';

const missedCallData = lazySchema(() =>
  v.object({
    callId: field(v.string(), 'The call’s id, the same in all events of one call.', {
      absent: 'where the sender does not know it',
    }),
    caller: field(addressData(), 'Who called.', {
      absent: 'where the end of the call does not say',
    }),
    chat: field(addressData(), 'The caller’s direct chat, or the group that was called.', {
      absent: 'in a group call whose group is not said',
    }),
    media: field(v.picklist(['voice', 'video']), 'Voice or video.', {
      absent: 'where it is not said',
    }),
    group: field(v.boolean(), 'Whether a group was called.', { absent: 'where it is not said' }),
    outcome: always(v.literal('missed'), 'Always `missed`.'),
    at: always(instant, 'When the call ended.', { unit: 'ISO-8601 UTC' }),
  }),
);

/**
 * Kinds that no sender sends: consumers of this project make them of other events. They are on the
 * bus as the others are, but a webhook that claims to be one is `unrecognized`.
 */
export const derived = {
  'call.missed': {
    type: 'call.missed',
    category: 'calls',
    summary:
      'A call to this account ended without being accepted, and not because this account turned it down.',
    variants: [
      'Made by the consumer `calls` of `call.rejected`, when no `call.accepted` of the call is known.',
      'Not made on WEBJS, which tells of a call’s end only when it was turned down through the sender’s API.',
      'Once for each call. Where the function is killed at the wrong moment, twice, with the same `meta.id`.',
    ],
    data: missedCallData,
    key: { name: 'call.missed', rule: 'The call’s id.' },
  },
} as const;

/** The detail-type of a derived event. */
export type DerivedType = keyof typeof derived;

/** The detail-types of the derived events of one category. */
export function derivedTypesIn(category: string): readonly DerivedType[] {
  return Object.values(derived)
    .filter((kind) => kind.category === category)
    .map(({ type }) => type);
}
