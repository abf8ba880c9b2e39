import * as v from 'valibot';

/** The metadata of a setting's schema, for documentation and errors. */
export interface Documentation {
  /** What the setting is, in one sentence. */
  readonly summary: string;
  /** The allowed values, in words that follow "must be". */
  readonly allowed: string;
  /** In words, what applies if the setting is absent. Absent for a required setting. */
  readonly fallback?: string | undefined;
  /** Whether a value may be personal or secret. Errors then do not contain it. */
  readonly isPrivate: boolean;
  /** Whether the value may be a CDK reference: it is only passed on to the template. */
  readonly mayBeReference: boolean;
}

/** Adds to a schema, in words, which values it allows: for documentation and for errors. */
export function allowing<const S extends v.GenericSchema>(schema: S, allowed: string): S {
  return v.pipe(schema as v.GenericSchema, v.metadata({ allowed })) as unknown as S;
}

/** A whole number between two limits, both included. */
export const integer = (from: number, to: number) =>
  allowing(
    v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to)),
    `a whole number from ${from} to ${to}`,
  );

/** Text that matches a regular expression. */
export const text = (shape: RegExp, allowed: string) =>
  allowing(v.pipe(v.string(), v.regex(shape)), allowed);

/** One of several values. */
export const oneOf = <const T extends readonly (string | number)[]>(...options: T) =>
  allowing(v.picklist(options), `one of ${options.join(', ')}`);

/** `true` or `false`. */
export const yesOrNo = allowing(v.boolean(), 'true or false');

/** A required setting. */
export function required<const S extends v.GenericSchema>(schema: S, summary: string): S {
  return v.pipe(schema as v.GenericSchema, v.metadata({ summary })) as unknown as S;
}

/** A setting with a default. */
export function withDefault<
  const S extends v.GenericSchema,
  const D extends v.InferInput<S> & (string | number | boolean),
>(schema: S, value: D, summary: string): v.OptionalSchema<S, D> {
  return v.optional(
    required(schema as v.GenericSchema, summary),
    value,
  ) as unknown as v.OptionalSchema<S, D>;
}

/** An optional setting, with a description of what applies without it. */
export function optional<const S extends v.GenericSchema>(
  schema: S,
  fallback: string,
  summary: string,
): v.OptionalSchema<S, undefined> {
  const documented = v.pipe(schema as v.GenericSchema, v.metadata({ summary, fallback }));
  return v.optional(documented) as unknown as v.OptionalSchema<S, undefined>;
}

/** A setting whose value does not appear in errors. */
export function hidden<const S extends v.GenericSchema>(schema: S): S {
  return v.pipe(schema as v.GenericSchema, v.metadata({ isPrivate: true })) as unknown as S;
}

/** A setting whose value may be a CDK reference, such as `certificate.certificateArn`. */
export function orReference<const S extends v.GenericSchema>(schema: S): S {
  return v.pipe(schema as v.GenericSchema, v.metadata({ mayBeReference: true })) as unknown as S;
}

/**
 * Whether a value is or contains a CDK reference, whose value is known at deployment only. The test is that of
 * CDK's `Token.isUnresolved` for text, without loading CDK.
 */
export const isReference = (value: unknown): boolean =>
  typeof value === 'string' && value.includes('${Token[');

/** The schemas for these values: a CDK reference is accepted where its setting allows one. */
export function schemasFor<const E extends v.ObjectEntries>(
  entries: E,
  given: Readonly<Record<string, unknown>>,
): E {
  const changed = Object.entries(entries).map(([name, schema]) =>
    isReference(given[name]) && documentationOf(schema as v.GenericSchema).mayBeReference
      ? [name, v.string()]
      : [name, schema],
  );
  return Object.fromEntries(changed) as E;
}

/** Formats a value for an error as {@link show} does; says of a CDK reference that it is one. */
export const showGiven = (value: unknown): string =>
  isReference(value) ? 'a CDK reference, which has no value at synthesis' : show(value);

/** The documentation of a setting's schema. */
export function documentationOf(schema: v.GenericSchema): Documentation {
  const isOptional = (each: v.GenericSchema): each is v.OptionalSchema<v.GenericSchema, unknown> =>
    each.type === 'optional';
  const { summary, allowed, fallback, isPrivate, mayBeReference } = v.getMetadata(
    isOptional(schema) ? schema.wrapped : schema,
  );
  const value = v.getDefault(schema);
  return {
    summary: String(summary),
    allowed: String(allowed),
    fallback: value === undefined ? (fallback as string | undefined) : String(value),
    isPrivate: isPrivate === true,
    mayBeReference: mayBeReference === true,
  };
}

/** Formats a value for an error, cut to a readable length. */
export function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A value that JSON cannot express, such as a circular one.
  }
  text ??= String(typeof value === 'object' ? 'an object' : value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
