import type { CategoryDocs } from '../event-type-docs.ts';

/** The documentation of the category `engine`. */
export const engineDocs: CategoryDocs<'engine'> = {
  'engine.event': {
    summary:
      'Everything that the engine reports: the raw copy of every other event, and protocol details.',
    variants: [
      'WAHA: `event`, `data` of any type, and in some versions `session`.',
      'Wawp: the same inside `raw`.',
    ],
    data: {
      name: {
        description:
          'The engine’s name for its event. What the engine said is not repeated here, because it may be large: it is `raw.data` as WAHA sends it, `raw.raw.data` as Wawp documents it.',
        source: '`event` or `raw.event`',
      },
    },
    key: 'The sender’s event id and time, and what the engine said.',
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
