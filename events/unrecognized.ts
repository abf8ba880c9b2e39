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

/** At most this many reasons are reported for one payload; a longer list is of no use. */
export const maxIssues = 10;

/** Data of an authentic request that the catalog has no kind for, or whose payload does not fit. */
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

/** The kind of what the catalog has no kind for. */
export const unrecognized = {
  type: 'unrecognized',
  category: 'unrecognized',
  data: unrecognizedData,
  key: { name: 'unrecognized' },
} as const;
