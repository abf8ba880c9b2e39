import * as v from 'valibot';
import { lazySchema } from './lazy-schema.ts';

const reasons = [
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
export type UnrecognizedReason = (typeof reasons)[number];

/** Maximum number of errors that are reported for one payload. */
export const maxIssues = 10;

/** The data of an authentic request with an unknown event type, or whose payload does not match its schema. */
export const unrecognizedData = lazySchema(() =>
  v.object({
    reason: v.picklist(reasons),
    event: v.optional(v.string()),
    issues: v.optional(
      v.array(
        v.object({
          path: v.string(),
          expected: v.string(),
          received: v.string(),
        }),
      ),
    ),
    encoding: v.optional(v.literal('base64')),
  }),
);

/** The definition of the event type `unrecognized`. */
export const unrecognized = {
  type: 'unrecognized',
  category: 'unrecognized',
  data: unrecognizedData,
  key: { name: 'unrecognized' },
} as const;
