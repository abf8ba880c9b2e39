import * as v from 'valibot';
import { addressData } from './address.ts';
import { instant } from './instant-data.ts';
import { lazySchema } from './lazy-schema.ts';

const missedCallData = lazySchema(() =>
  v.object({
    callId: v.optional(v.string()),
    caller: v.optional(addressData()),
    chat: v.optional(addressData()),
    media: v.optional(v.picklist(['voice', 'video'])),
    group: v.optional(v.boolean()),
    outcome: v.literal('missed'),
    at: instant,
  }),
);

/**
 * Event types that no sender sends: consumers of this project derive them from other events. They are on the
 * bus like all others, but a webhook with such a type is `unrecognized`.
 */
export const derived = {
  'call.missed': {
    type: 'call.missed',
    category: 'calls',
    data: missedCallData,
    key: { name: 'call.missed' },
  },
} as const;

/** The detail-type of a derived event. */
export type DerivedType = keyof typeof derived;

/** The detail-types of the derived events of one category. */
export function derivedTypesIn(category: string): readonly DerivedType[] {
  return Object.values(derived)
    .filter((definition) => definition.category === category)
    .map(({ type }) => type);
}
