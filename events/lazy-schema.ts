import type * as v from 'valibot';

/** A schema that is made at its first use. */
export type LazySchema = () => v.GenericSchema;

/** What a lazy schema gives. */
export type OutputOf<S extends LazySchema> = v.InferOutput<ReturnType<S>>;

/**
 * Makes a schema once, at its first use. A cold start needs the schemas of few kinds, and
 * those of normalized data are only for documents and tests: to make them all would take longer than
 * to answer the first request.
 */
export function lazySchema<const S extends v.GenericSchema>(make: () => S): () => S {
  let made: S | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
