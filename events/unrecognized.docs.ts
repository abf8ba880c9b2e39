import type { EventTypeDocs } from './event-type-docs.ts';
import { maxIssues } from './unrecognized.ts';

/** The documentation of `unrecognized`. */
export const unrecognizedDocs: EventTypeDocs<'unrecognized'> = {
  summary:
    'An authentic webhook that the catalog cannot read. `raw` contains the full body, or its text.',
  variants: [
    'A webhook with an unknown `event`, for example from a newer version of the sender.',
    'A known event with a payload in an unknown format.',
    'A body that is not JSON, or JSON that is not a webhook.',
  ],
  key: 'The text of the body, which is the same in retries. A webhook without an event id and without a time has no key.',
  data: {
    reason: {
      description:
        '`not-json`: the body is not JSON. `too-deep`: the body is nested too deeply for the bus. `too-wide`: the body has too many fields and items. `too-many`: the body has too many events. `not-an-envelope`: the body is not an object with an `event`. `unknown-event`: the catalog does not have the event. `invalid-payload`: the payload has an unknown format. `too-large`: the event is valid, but its data is larger than the bus accepts; `raw` is the location of the payload.',
    },
    event: {
      description: 'The event name in the body, shortened to 128 characters.',
      absent: 'if the body has none',
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
      absent: 'if the body is valid UTF-8; otherwise `raw` is the body’s bytes in base64',
    },
  },
};
