import type { Address as MutableAddress } from './address.ts';
import type { Catalog, Category, CategoryOf, EventType, EventTypeIn } from './catalog.ts';
import type { DerivedType, derived } from './derived.ts';
import type { OutputOf } from './lazy-schema.ts';
import type { MessageId as MutableMessageId } from './message-id.ts';
import type { unrecognizedData } from './unrecognized.ts';

/**
 * The types for consumers that are inferred from schemas. In the published package plain interfaces replace
 * this file's declarations (tools/package/event-types.ts), which the compiler reads much faster.
 */

export type { Category, CategoryOf, DerivedType, EventType, EventTypeIn };

/** The event type of webhooks that the catalog does not recognize. */
export type Unrecognized = 'unrecognized';

/** Every detail-type on the bus: the senders' event types, derived ones, and `unrecognized`. */
export type BusType = EventType | DerivedType | Unrecognized;

/** Data may be shared between handlers, so it is read-only. */
export type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The normalized data of an event type. */
export type DataOf<T extends BusType> = T extends EventType
  ? DeepReadonly<OutputOf<Catalog[T]['data']>>
  : T extends DerivedType
    ? DeepReadonly<OutputOf<(typeof derived)[T]['data']>>
    : DeepReadonly<OutputOf<typeof unrecognizedData>>;

/** The category of a detail-type. */
export type BusCategoryOf<T extends BusType> = T extends EventType
  ? CategoryOf<T>
  : T extends DerivedType
    ? (typeof derived)[T]['category']
    : Unrecognized;

/** A person, group or other party of a chat. */
export type Address = DeepReadonly<MutableAddress>;

/** A message id in its parts. */
export type MessageId = DeepReadonly<MutableMessageId>;
