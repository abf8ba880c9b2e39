import * as v from 'valibot';

/** What documentation and errors say of a setting, as metadata of its schema. */
export interface Documentation {
  /** What it is, in one sentence. */
  readonly summary: string;
  /** What it takes, in words: follows "must be". */
  readonly allowed: string;
  /** In words, what applies where it is absent. Absent where the setting is required. */
  readonly fallback?: string | undefined;
  /** Whether a wrong value may be personal or secret, so that no error repeats it. */
  readonly isPrivate: boolean;
}

/** A schema that says in words what it takes: for documentation, and for the error for anything else. */
export function taking<const S extends v.GenericSchema>(schema: S, allowed: string): S {
  return v.pipe(schema as v.GenericSchema, v.metadata({ allowed })) as unknown as S;
}

/** Whole numbers. */
export const full = (from: number, to: number) =>
  taking(
    v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to)),
    `a whole number from ${from} to ${to}`,
  );

/** Text of a shape. */
export const text = (shape: RegExp, allowed: string) =>
  taking(v.pipe(v.string(), v.regex(shape)), allowed);

/** One of a few values. */
export const oneOf = <const T extends readonly (string | number)[]>(...options: T) =>
  taking(v.picklist(options), `one of ${options.join(', ')}`);

/** `true` or `false`. */
export const yesOrNo = taking(v.boolean(), 'true or false');

/** A setting that must be there. */
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

/** A setting that may be absent, with what applies then, in words. */
export function optional<const S extends v.GenericSchema>(
  schema: S,
  fallback: string,
  summary: string,
): v.OptionalSchema<S, undefined> {
  const documented = v.pipe(schema as v.GenericSchema, v.metadata({ summary, fallback }));
  return v.optional(documented) as unknown as v.OptionalSchema<S, undefined>;
}

/** A setting whose value no error repeats. */
export function hidden<const S extends v.GenericSchema>(schema: S): S {
  return v.pipe(schema as v.GenericSchema, v.metadata({ isPrivate: true })) as unknown as S;
}

/** What a schema's documentation says. */
export function documentationOf(schema: v.GenericSchema): Documentation {
  const isOptional = (each: v.GenericSchema): each is v.OptionalSchema<v.GenericSchema, unknown> =>
    each.type === 'optional';
  const { summary, allowed, fallback, isPrivate } = v.getMetadata(
    isOptional(schema) ? schema.wrapped : schema,
  );
  const value = v.getDefault(schema);
  return {
    summary: String(summary),
    allowed: String(allowed),
    fallback: value === undefined ? (fallback as string | undefined) : String(value),
    isPrivate: isPrivate === true,
  };
}

/** A value in an error, cut to a readable length. */
export function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Something that JSON cannot express, such as a circle.
  }
  text ??= String(typeof value === 'object' ? 'an object' : value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
