import type { CategoryDocs } from '../event-type-docs.ts';

/** The documentation of the category `engine`. */
export const engineDocs: CategoryDocs<'engine'> = {
  'engine.event': {
    summary: 'Every event of the engine: a raw copy of each other event, and protocol details.',
    variants: [
      'WAHA: `event`, `data` of any type, and in some versions `session`.',
      'Wawp: the same inside `raw`.',
    ],
    data: {
      name: {
        description:
          'The engine’s name for its event. The engine’s data is not repeated here, because it may be large: it is in `raw.data` from WAHA, and in `raw.raw.data` as Wawp documents it.',
        source: '`event` or `raw.event`',
      },
    },
    key: 'The sender’s event id and time, and the engine’s data.',
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
  },
};
