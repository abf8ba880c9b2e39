import * as v from 'valibot';
import { field } from '../data-field.ts';
import { type AnyKind, kind } from '../kind.ts';
import { own, ownText } from '../own.ts';
import { present } from '../present.ts';
import { opaque, wireText } from '../wire-value.ts';

/** The engine’s own events. */
export const engine = {
  'engine.event': kind({
    summary:
      'Anything at all that the engine told of: the raw copy of every other event, and protocol details.',
    variants: [
      'WAHA: `event`, `data` of any type, and in some versions `session`.',
      'Wawp: the same inside `raw`.',
    ],
    payload: () => v.object({ event: wireText, data: opaque, session: wireText, raw: opaque }),
    data: () =>
      v.object({
        name: field(
          v.string(),
          'The engine’s name for its event. What the engine said is not repeated here, because it may be large: it is `raw.data` as WAHA sends it, `raw.raw.data` as Wawp documents it.',
          { source: '`event` or `raw.event`' },
        ),
      }),
    read: (wire) => present({ name: wire.event ?? ownText(wire.raw, 'event') }),
    key: {
      name: 'engine.event',
      rule: 'The sender’s event id and time, else what the engine said.',
      parts: () => undefined,
      content: ({ payload }) => [
        payload.event ?? own(payload.raw, 'event'),
        payload.data ?? own(payload.raw, 'data'),
      ],
    },
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          event: 'contacts.update',
          data: [{ id: '12025550142@s.whatsapp.net', notify: 'Noor' }],
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: { raw: { event: 'change_battery', data: { battery: 81, plugged: false } } },
      },
    },
  }),
} as const satisfies Record<string, AnyKind>;
