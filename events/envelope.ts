import type { BusCategoryOf, BusType, Category, DataOf, Unrecognized } from './data-of.ts';

export type { BusType, DataOf, DeepReadonly, Unrecognized } from './data-of.ts';

/** Who sends the webhooks. */
export type Sender = 'waha' | 'wawp';

/** The WhatsApp account of the session, as far as the body contains it. */
export interface Account {
  /** Its address: by phone number where that is known, else by hidden id. */
  readonly id: string;
  /** Its phone number, E.164. Absent where only the hidden id is known. */
  readonly phone?: string;
  /** Its hidden id. Absent where the body does not say it. */
  readonly lid?: string;
}

/** The metadata of an event. It is flat, because rules filter on it. */
export interface Meta<T extends string = string, C extends string = string> {
  /** Idempotency key: the same for each report of one fact, also for the sender's retries. */
  readonly id: string;
  /** Version of the envelope. It changes when a field changes its meaning or goes away. */
  readonly version: '1';
  /** Category of the event type. */
  readonly category: C;
  /** The event type: the sender's wire name, or `unrecognized`. */
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
  /**
   * Address of the chat (`data.chat.id`): of a person the phone number wherever it is known, else the hidden
   * id. Absent where the event belongs to none.
   */
  readonly chat?: string;
  /** Whether this account did it. Absent where that means nothing or is not said. */
  readonly fromMe?: boolean;
  /** The session's own account. Absent before login. */
  readonly account?: Account;
  /** Tags that the session's owner gave it at the sender (`metadata`): texts only. Absent without any. */
  readonly tags?: { readonly [name: string]: string };
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
  /**
   * `unavailable`: phone numbers and hidden ids that the body does not say could not be looked up. Absent
   * otherwise.
   */
  readonly identities?: 'unavailable';
  /**
   * How many consumers published an event because of another until this one came about, at most 8
   * (`hopsAfter`). Absent on what ingest publishes.
   */
  readonly hops?: number;
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
  /** The normalized payload. It has the same form for all senders and engines. */
  readonly data: DataOf<T>;
  /**
   * The full body of the webhook as it was sent; if that was a list, the element of this event. A text if the
   * body is not a JSON object or list, or has an integer beyond 64 bits. Absent on derived events.
   */
  readonly raw?: unknown;
}

/** An envelope of any event type. */
export type Envelope = { [T in BusType]: EnvelopeOf<T> }[BusType];

/**
 * An event as consumers handle it: the envelope, with top-level fields by which TypeScript can narrow its
 * type.
 */
export type EventOf<T extends BusType> = {
  [K in T]: EnvelopeOf<K> & {
    /**
     * Same as `meta.type`; narrow by it. TypeScript narrows a union by a field of its members, not by a
     * field of a field, so a condition on `meta.type` does not narrow the event.
     */
    readonly type: K;
    /** Same as `meta.category`; narrow by it. */
    readonly category: EnvelopeOf<K>['meta']['category'];
  };
}[T];

/** An event of any type; `switch (event.type)` narrows it. */
export type WhatsAppEvent = EventOf<BusType>;

/** An event of one category. */
export type EventIn<C extends Category | Unrecognized> = Extract<
  WhatsAppEvent,
  { readonly category: C }
>;
