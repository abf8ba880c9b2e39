import type { Address } from './address.ts';
import type { Category, EventType, EventTypeIn } from './catalog.ts';
import type { BusType, DataOf, DeepReadonly } from './envelope.ts';
import type { MessageId } from './message-id.ts';

/** The documentation of a data field beyond its type. */
export interface FieldDoc {
  /** One or more sentences: what it is. */
  readonly description: string;
  /** Unit of a number or form of a string, for example `E.164` or `degrees`. Default: none. */
  readonly unit?: string;
  /** When the field is absent. Default: if the payload does not contain it. */
  readonly absent?: string;
  /** Its source in the payload. Default: obvious, or the same for all event types. */
  readonly source?: string;
}

/** Documents every field of `Data` and their fields; the compiler reports missing ones. */
export type FieldDocs<Data> = {
  readonly [Field in keyof Data]-?: DocOf<FieldsIn<NonNullable<Data[Field]>>>;
};

/** Field docs of any type, for code that iterates over them. */
export interface AnyFieldDocs {
  readonly [field: string]: FieldDoc & { readonly fields?: AnyFieldDocs };
}

/** `Fields` is `never` for a value that has no fields to document. */
type DocOf<Fields> = [Fields] extends [never]
  ? FieldDoc & { readonly fields?: never }
  : FieldDoc & { readonly fields: FieldDocs<Fields> };

/**
 * The object whose fields are documented with a value: the value itself, or each item of a list. None if the
 * fields are not known.
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

/** Addresses and message ids are documented once for all event types: parts.docs.ts. */
type IsSame<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The documentation of a detail-type on the bus. */
export interface EventTypeDocs<T extends BusType> {
  /** One sentence: what the event reports. */
  readonly summary: string;
  /** Why it should not be used, and what to use instead. Default: not deprecated. */
  readonly deprecated?: string;
  /** The known forms of the payload, by sender, engine and version. */
  readonly variants: readonly string[];
  /** What the idempotency key is made of, in one sentence. */
  readonly key: string;
  /** What the fields of the normalized data mean. */
  readonly data: FieldDocs<DataOf<T>>;
}

/** An example: the payload as one sender sends it, and the engine that produced it. */
export interface Example {
  readonly engine: 'WEBJS' | 'WPP' | 'NOWEB' | 'GOWS';
  readonly payload: unknown;
}

/** The documentation of an event type of the catalog. */
export interface CatalogEventTypeDocs<T extends EventType> extends EventTypeDocs<T> {
  /** Invented payloads, one in the form of each sender. `wawp` repeats WAHA's if Wawp documents none. */
  readonly examples: { readonly waha: Example; readonly wawp: Example };
}

/** The documentation of one category: one entry for each of its event types. */
export type CategoryDocs<C extends Category> = {
  readonly [T in Extract<EventTypeIn<C>, EventType>]: CatalogEventTypeDocs<T>;
};
