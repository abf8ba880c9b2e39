import type * as v from 'valibot';

/** A schema that is made when it is first asked for. */
export type LazySchema = () => v.GenericSchema;

/** What a lazy schema gives. */
export type OutputOf<S extends LazySchema> = v.InferOutput<ReturnType<S>>;

/**
 * Makes a schema once, when it is first asked for. A cold start needs the schemas of few kinds, and
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
