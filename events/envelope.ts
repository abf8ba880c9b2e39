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
  /** Idempotency key: the same for all webhooks that report the same fact, including the sender's retries. */
  readonly id: string;
  /** Version of the envelope. It changes when a field is removed or its meaning changes. */
  readonly version: '1';
  /** Category of the event type. */
  readonly category: C;
  /** The event type: the sender's name for the event, or `unrecognized`. */
  readonly type: T;
  /** Name of the session; a session is one WhatsApp account on a sender. Absent if the body has none. */
  readonly session?: string;
  /** The sender, as recognized by the format of the body. */
  readonly sender: Sender;
  /** Engine of the sender: `WEBJS`, `WPP`, `NOWEB`, `GOWS` or another. Absent if the body has none. */
  readonly engine?: string;
  /** Version of the sender's software. Absent if the body does not contain it, as from Wawp. */
  readonly senderVersion?: string;
  /** The sender's own id of the event (`evt_…`). Absent before WAHA 2024.11. */
  readonly senderEventId?: string;
  /**
   * When it happened, ISO-8601 UTC: the time in the payload, else the time in the sender’s envelope, else
   * `receivedAt`.
   */
  readonly occurredAt: string;
  /** When ingest received the request, ISO-8601 UTC. */
  readonly receivedAt: string;
  /**
   * Address of the chat (`data.chat.id`). The address of a person is the phone number if it is known, else
   * the hidden id. Absent if the event belongs to no chat.
   */
  readonly chat?: string;
  /**
   * Whether this account caused the event. Absent if it does not apply to the event type, or the payload does
   * not contain it.
   */
  readonly fromMe?: boolean;
  /** The session's own account. Absent before login. */
  readonly account?: Account;
  /** Tags of the session, configured in the sender (`metadata`): texts only. Absent if there are none. */
  readonly tags?: { readonly [name: string]: string };
  /** Id of the request of the webhook. */
  readonly requestId: string;
  /** W3C trace context of the request. Absent if the request has none. */
  readonly traceparent?: string;
  /**
   * The event type with which the same fact was already published. For example, WAHA sends an inbound message
   * as `message` and as `message.any`. Absent on the first event of a fact, and if deduplication is off for
   * its type.
   */
  readonly duplicateOf?: string;
  /** True if the same `id` was already published with other content. Absent otherwise. */
  readonly conflict?: true;
  /**
   * `unavailable`: the deduplication table did not answer, so the event may have been published before.
   * Absent otherwise.
   */
  readonly deduplication?: 'unavailable';
  /**
   * `unavailable`: the table of identities did not answer, so addresses may lack a phone number or a hidden
   * id. Absent otherwise.
   */
  readonly identities?: 'unavailable';
  /**
   * Number of consumers in the chain of events that led to this one, at most 8 (`hopsAfter`). Absent on
   * events that ingest publishes.
   */
  readonly hops?: number;
  /** Name of the replay that published the event again. Absent on events that are not replayed. */
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
