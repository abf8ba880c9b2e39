import * as v from 'valibot';
import { type AnyEventType, defineEventType } from '../event-type.ts';
import { own, ownText, present } from '../own.ts';
import { opaque, wireText } from '../wire-value.ts';

/** The engine’s own events. */
export const engine = {
  'engine.event': defineEventType({
    payload: () => v.object({ event: wireText, data: opaque, session: wireText, raw: opaque }),
    data: () =>
      v.object({
        name: v.optional(v.string()),
      }),
    read: (wire) => present({ name: wire.event ?? ownText(wire.raw, 'event') }),
    isIdentified: (data, { data: printed, raw }) =>
      data.name !== undefined || printed !== undefined || raw !== undefined,
    about: 'an event of the engine',
    key: {
      name: 'engine.event',
      content: ({ payload }) => [
        payload.event ?? own(payload.raw, 'event'),
        payload.data ?? own(payload.raw, 'data'),
      ],
    },
  }),
} as const satisfies Record<string, AnyEventType>;
