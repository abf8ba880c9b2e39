import type { Address } from './address.ts';
import type { Category, EventType, EventTypeIn } from './catalog.ts';
import type { BusType, DataOf, DeepReadonly } from './envelope.ts';
import type { MessageId } from './message-id.ts';

/** What a reader of the documents needs to know of a data field beyond its type. */
export interface FieldDoc {
  /** One or more sentences: what it is. */
  readonly description: string;
  /** Unit of a number or form of a string, for example `E.164` or `degrees`. Default: none. */
  readonly unit?: string;
  /** When the field is not there. Default: where the sender's payload does not say it. */
  readonly absent?: string;
  /** Where in the payload it comes from. Default: it is plain, or the same for all kinds. */
  readonly source?: string;
}

/** Documents every field of `Data`, and the fields inside of each; the compiler asks for all of them. */
export type FieldDocs<Data> = {
  readonly [Field in keyof Data]-?: DocOf<FieldsIn<NonNullable<Data[Field]>>>;
};

/** Any field docs, for code that goes through them. */
export interface AnyFieldDocs {
  readonly [field: string]: FieldDoc & { readonly fields?: AnyFieldDocs };
}

/** `Fields` is `never` for a value that has no fields to document. */
type DocOf<Fields> = [Fields] extends [never]
  ? FieldDoc & { readonly fields?: never }
  : FieldDoc & { readonly fields: FieldDocs<Fields> };

/**
 * The object whose fields are documented with a value: itself, or each item of a list. None where
 * somebody else names the fields.
 */
type FieldsIn<Value> = Value extends readonly (infer Item)[]
  ? FieldsIn<Item>
  : Value extends object
    ? string extends keyof Value
      ? never
      : IsSame<Value, DeepReadonly<Address>> extends true
        ? never
        : IsSame<Value, DeepReadonly<MessageId>> extends true
          ? never
          : Value
    : never;

/** Addresses and message ids are documented once for all kinds: parts.docs.ts. */
type IsSame<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** What documents say of a detail-type on the bus. */
export interface KindDocs<T extends BusType> {
  /** One sentence: when the event comes. */
  readonly summary: string;
  /** Why not to build on it, and what to use instead. Default: not deprecated. */
  readonly deprecated?: string;
  /** The shapes of the payload that senders, engines and versions are known to use. */
  readonly variants: readonly string[];
  /** What makes up the idempotency key, in one sentence. */
  readonly key: string;
  /** What the fields of the normalized data mean. */
  readonly data: FieldDocs<DataOf<T>>;
}

/** An example: the payload as one sender sends it, and the engine that produced it. */
export interface Example {
  readonly engine: 'WEBJS' | 'WPP' | 'NOWEB' | 'GOWS';
  readonly payload: unknown;
}

/** What documents and demos need of a kind of the catalog. */
export interface CatalogKindDocs<T extends EventType> extends KindDocs<T> {
  /** Invented payloads, one in each sender's shape. `wawp` repeats WAHA's where Wawp documents none. */
  readonly examples: { readonly waha: Example; readonly wawp: Example };
}

/** The docs entries of one category: one for each of its kinds, and no other. */
export type CategoryDocs<C extends Category> = {
  readonly [T in Extract<EventTypeIn<C>, EventType>]: CatalogKindDocs<T>;
};
