import * as v from 'valibot';

/** What a reader of the docs needs to know of a data field beyond its type. */
export interface FieldDoc {
  /** Unit of a number or form of a string, for example `E.164` or `degrees`. */
  readonly unit?: string;
  /** When the field is not there. Default: where the sender's payload does not say it. */
  readonly absent?: string;
  /** Where in the payload it comes from. */
  readonly source?: string;
}

/**
 * An optional field of normalized data, with its documentation as valibot metadata, from which the
 * docs and the JSON Schemas are made.
 */
export function field<const S extends v.GenericSchema>(
  schema: S,
  description: string,
  doc: FieldDoc = {},
): v.OptionalSchema<S, undefined> {
  const documented = v.pipe(
    schema as v.GenericSchema,
    v.description(description),
    v.metadata({ ...doc }),
  );
  return v.optional(documented) as unknown as v.OptionalSchema<S, undefined>;
}

/** A field that is always there, documented like {@link field}. */
export function always<const S extends v.GenericSchema>(
  schema: S,
  description: string,
  doc: FieldDoc = {},
): S {
  return v.pipe(
    schema as v.GenericSchema,
    v.description(description),
    v.metadata({ ...doc }),
  ) as unknown as S;
}

/** ISO-8601 UTC with milliseconds, as `toInstant` writes it. */
export const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
  v.metadata({ format: 'date-time' }),
);
