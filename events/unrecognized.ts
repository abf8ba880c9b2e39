import * as v from 'valibot';
import { always, field } from './data-field.ts';
import { lazySchema } from './lazy-schema.ts';

const REASONS = [
  'not-json',
  'too-deep',
  'too-wide',
  'too-many',
  'not-an-envelope',
  'unknown-event',
  'invalid-payload',
  'too-large',
] as const;

/** Why a body could not be recognized. */
export type UnrecognizedReason = (typeof REASONS)[number];

/** At most this many reasons are told of one payload; a longer list helps nobody. */
export const MOST_ISSUES = 10;

/** Data of an authentic request that the catalog has no kind for, or whose payload does not fit. */
export const unrecognizedData = lazySchema(() =>
  v.object({
    reason: always(
      v.picklist(REASONS),
      '`not-json`: the body is no JSON. `too-deep`: nested too deeply for the bus. `too-wide`: more fields and items than a sender would send. `too-many`: more events in one body than a sender would send. `not-an-envelope`: no object with an `event`. `unknown-event`: an event that the catalog does not know. `invalid-payload`: the payload is of another shape than any known one. `too-large`: known and valid, but its data alone is more than the bus takes; `raw` says where the payload lies.',
    ),
    event: field(v.string(), 'The wire name that the body claims, shortened to 128 characters.', {
      absent: 'where it claims none',
      source: '`event`',
    }),
    issues: field(
      v.array(
        v.object({
          path: always(v.string(), 'Where in the body, for example `payload.media.url`.'),
          expected: always(v.string(), 'What the catalog knows for that place.'),
          received: always(v.string(), 'JSON type of what was there; never the value.'),
        }),
      ),
      `What does not fit, at most ${MOST_ISSUES} places.`,
      { absent: 'except for `invalid-payload`' },
    ),
    encoding: field(v.literal('base64'), 'How `raw` is written.', {
      absent: 'unless the body is no UTF-8, for then `raw` is its bytes in base64',
    }),
  }),
);

/** What docs say of the kind that is none. */
export const unrecognized = {
  type: 'unrecognized',
  category: 'unrecognized',
  summary:
    'An authentic webhook that the catalog cannot read. Nothing of it is lost: `raw` holds the payload, the whole body, or its text.',
  data: unrecognizedData,
} as const;
