import type { Catalog, Category, CategoryOf, EventType } from './catalog.ts';
import type { DerivedType, derived } from './derived.ts';
import type { OutputOf } from './lazy-schema.ts';
import type { unrecognizedData } from './unrecognized.ts';

/** `unrecognized` is to the bus what a kind is, for what the catalog has no kind for. */
export type Unrecognized = 'unrecognized';

/** Every detail-type on the bus: what senders send, what consumers derive, and what nobody knows. */
export type BusType = EventType | DerivedType | Unrecognized;

/** Data may be shared between handlers, so nobody may change it. */
export type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The normalized data of a kind. */
export type DataOf<T extends BusType> = T extends EventType
  ? DeepReadonly<OutputOf<Catalog[T]['data']>>
  : T extends DerivedType
    ? DeepReadonly<OutputOf<(typeof derived)[T]['data']>>
    : DeepReadonly<OutputOf<typeof unrecognizedData>>;

/** The category of a detail-type. */
type BusCategoryOf<T extends BusType> = T extends EventType
  ? CategoryOf<T>
  : T extends DerivedType
    ? (typeof derived)[T]['category']
    : Unrecognized;

/** Who sends the webhooks. */
export type Sender = 'waha' | 'wawp';

/** What is known of every event; flat, because rules filter on it. */
export interface Meta<T extends string = string, C extends string = string> {
  /** Idempotency key: the same for each report of one fact, also for the sender's retries. */
  readonly id: string;
  /** Version of the envelope. It changes when a field changes its meaning or goes away. */
  readonly version: '1';
  /** Category of the kind. */
  readonly category: C;
  /** The kind: the sender's wire name, or `unrecognized`. */
  readonly type: T;
  /** Name of the session, that is of the WhatsApp account. Absent where the body names none. */
  readonly session?: string;
  /** Who sent it, as far as the body shows. */
  readonly sender: Sender;
  /** `WEBJS`, `WPP`, `NOWEB`, `GOWS` … Absent where the body names none. */
  readonly engine?: string;
  /** Version of the sender's software. Absent where the body does not say it, as from Wawp. */
  readonly senderVersion?: string;
  /** The sender's own id of the event (`evt_…`). Absent before WAHA 2024.11. */
  readonly senderEventId?: string;
  /** When it happened, ISO-8601 UTC: by the payload, else by the envelope, else `receivedAt`. */
  readonly occurredAt: string;
  /** When the request came in, ISO-8601 UTC. */
  readonly receivedAt: string;
  /** Address of the chat (`data.chat.id`). Absent where the event belongs to none. */
  readonly chat?: string;
  /** Whether this account did it. Absent where that means nothing or is not said. */
  readonly fromMe?: boolean;
  /** Id of the request that brought it. */
  readonly requestId: string;
  /** W3C trace context of the request. Absent without one. */
  readonly traceparent?: string;
  /**
   * The type as which this fact was already published: WAHA sends an inbound message as `message` and
   * as `message.any`. Absent on the first, and where duplicates are not looked for.
   */
  readonly duplicateOf?: string;
  /** True where the same `id` was already published with other content. Absent otherwise. */
  readonly conflict?: true;
  /** `unavailable`: whether this was published before could not be looked up. Absent otherwise. */
  readonly deduplication?: 'unavailable';
  /** Name of the replay that brought it. Absent on what comes for the first time. */
  readonly replay?: string;
}

/** The body of a webhook, as a sender posts it. */
export interface Wire {
  readonly id?: unknown;
  readonly timestamp?: unknown;
  readonly event?: unknown;
  readonly session?: unknown;
  readonly payload?: unknown;
  readonly metadata?: unknown;
  readonly me?: unknown;
  readonly engine?: unknown;
  readonly environment?: unknown;
  readonly [field: string]: unknown;
}

/** The `detail` of an event on the bus. */
export interface EnvelopeOf<T extends BusType> {
  readonly meta: Meta<T, BusCategoryOf<T>>;
  /** The payload, the same shape whichever sender or engine it came from. */
  readonly data: DataOf<T>;
  /**
   * The webhook's body as it was sent, whole; of a list, the element that this event is made of. A text
   * where the body is no JSON object or list, or has an integer beyond 64 bits. Absent on events that
   * no sender sends.
   */
  readonly raw?: unknown;
}

/** Any envelope. */
export type Envelope = { [T in BusType]: EnvelopeOf<T> }[BusType];

/** An event as consumers handle it: the envelope, with what TypeScript can narrow by on top. */
export type EventOf<T extends BusType> = {
  [K in T]: EnvelopeOf<K> & {
    /** Same as `meta.type`; narrow by it. */
    readonly type: K;
    /** Same as `meta.category`; narrow by it. */
    readonly category: EnvelopeOf<K>['meta']['category'];
  };
}[T];

/** Any event; `switch (event.type)` narrows it. */
export type WhatsAppEvent = EventOf<BusType>;

/** Any event of one category. */
export type EventIn<C extends Category | Unrecognized> = Extract<
  WhatsAppEvent,
  { readonly category: C }
>;
