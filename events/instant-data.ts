import * as v from 'valibot';

/** ISO-8601 UTC with milliseconds, as `toInstant` writes it. */
export const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
  v.metadata({ format: 'date-time' }),
);
