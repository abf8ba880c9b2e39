import * as v from 'valibot';
import { catalog } from './catalog.ts';
import type { BusType, DataOf } from './data-of.ts';
import { derived } from './derived.ts';
import type { EnvelopeOf } from './envelope.ts';
import type { LazySchema } from './lazy-schema.ts';
import { metaData } from './meta-data.ts';
import { unrecognized } from './unrecognized.ts';

/**
 * The package's `./schemas`: the schema of each event type, as a Standard Schema. Events on the bus were
 * validated before they were published, so a consumer needs these only if others may write to its queue.
 */

const definitions: Readonly<
  Record<string, { readonly category: string; readonly data: LazySchema }>
> = {
  ...catalog,
  ...derived,
  unrecognized,
};

/** The names of all event types. */
export const types = Object.keys(definitions) as readonly BusType[];

/**
 * The schema of an event on the bus (`detail`). Unknown fields of `meta` are kept.
 *
 * @example
 * const result = await schemaOf('message')['~standard'].validate(event.detail);
 * @throws for an unknown event type
 */
export function schemaOf<T extends BusType>(type: T): StandardSchema<EnvelopeOf<T>> {
  const { category, data } = definitionOf(type);
  const { entries } = metaData();
  return v.object({
    meta: v.looseObject({ ...entries, type: v.literal(type), category: v.literal(category) }),
    data: data(),
    raw: v.optional(v.unknown()),
  }) as unknown as StandardSchema<EnvelopeOf<T>>;
}

/**
 * The schema of an event's normalized data.
 *
 * @throws for an unknown event type
 */
export function dataSchemaOf<T extends BusType>(type: T): StandardSchema<DataOf<T>> {
  return definitionOf(type).data() as unknown as StandardSchema<DataOf<T>>;
}

function definitionOf(type: string) {
  const definition = Object.hasOwn(definitions, type) ? definitions[type] : undefined;
  if (!definition) {
    throw new Error(`There is no event type ${JSON.stringify(type)}.`);
  }
  return definition;
}

/**
 * The common interface of validators (https://standardschema.dev, version 1), so that a schema of this
 * package works in any library that accepts it.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** The validated value, or its errors. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One error, and its path. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
