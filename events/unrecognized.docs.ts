import type { EventTypeDocs } from './event-type-docs.ts';
import { maxIssues } from './unrecognized.ts';

/** The documentation of `unrecognized`. */
export const unrecognizedDocs: EventTypeDocs<'unrecognized'> = {
  summary:
    'An authentic webhook that the catalog cannot read. Nothing of it is lost: `raw` holds the payload, the full body, or its text.',
  variants: [
    'A webhook whose `event` the catalog does not know: a newer version of the sender.',
    'A known event whose payload has another shape than any known one.',
    'A body that is no JSON, or JSON that is no webhook.',
  ],
  key: 'The text of the body, which a retry repeats byte for byte. A webhook body that names neither an event id nor a time has no key.',
  data: {
    reason: {
      description:
        '`not-json`: the body is no JSON. `too-deep`: nested too deeply for the bus. `too-wide`: more fields and items than a sender would send. `too-many`: more events in one body than a sender would send. `not-an-envelope`: no object with an `event`. `unknown-event`: an event that the catalog does not know. `invalid-payload`: the payload is of another shape than any known one. `too-large`: known and valid, but its data alone is more than the bus takes; `raw` says where the payload lies.',
    },
    event: {
      description: 'The event name in the body, shortened to 128 characters.',
      absent: 'where it claims none',
      source: '`event`',
    },
    issues: {
      description: `The errors of the payload, at most ${maxIssues}.`,
      absent: 'except for `invalid-payload`',
      fields: {
        path: { description: 'Path in the body, for example `payload.media.url`.' },
        expected: { description: 'What the catalog expects at that path.' },
        received: { description: 'JSON type of the value; never the value itself.' },
      },
    },
    encoding: {
      description: 'How `raw` is written.',
      absent: 'unless the body is no UTF-8, for then `raw` is its bytes in base64',
    },
  },
};
