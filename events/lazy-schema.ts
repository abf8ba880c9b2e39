import type * as v from 'valibot';

/** A schema that is created at its first use. */
export type LazySchema = () => v.GenericSchema;

/** The output type of a lazy schema. */
export type OutputOf<S extends LazySchema> = v.InferOutput<ReturnType<S>>;

/**
 * Creates a schema once, at its first use. A cold start needs the schemas of few event types, and those of
 * normalized data are for documents and tests only. To create them all would take longer than the first
 * request.
 */
export function lazySchema<const S extends v.GenericSchema>(make: () => S): () => S {
  let made: S | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
