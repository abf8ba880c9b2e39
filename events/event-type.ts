import * as v from 'valibot';
import type { Address } from './address.ts';
import type { Fact, KeyRule } from './fact-key.ts';
import { type LazySchema, lazySchema, type OutputOf } from './lazy-schema.ts';

/** The context of a payload, from the rest of the webhook body. */
export interface WireContext {
  /** The engine: `WEBJS`, `WPP`, `NOWEB`, `GOWS` or another name. Absent if the body has none. */
  readonly engine?: string;
  /** Version of the sender's software. Absent where the body does not say it. */
  readonly version?: string;
  /** The account of the session, from the body's `me`. Absent before login. */
  readonly me?: Address;
  /** The restrictions of the account in `me`, unchanged. Absent if there are none. */
  readonly limits?: { readonly reachoutTimelock: unknown; readonly messageCapping: unknown };
}

/**
 * The declaration of an event type in a category file. Its documentation is in `*.docs.ts` (see
 * event-type-docs.ts), so that no function's bundle contains it.
 */
export interface EventTypeDeclaration<P extends LazySchema, D extends LazySchema> {
  /** The schema of the sender's payload. It must accept the payloads of all senders and versions. */
  readonly payload: P;
  /** Whether the payload may be a list. Default: false. */
  readonly takesList?: boolean;
  /** The schema of the normalized data. Its fields are described in the type's documentation. */
  readonly data: D;
  /** Converts the payload to the data. Pure; does not throw for any payload that passed its schema. */
  read(payload: OutputOf<P>, context: WireContext): OutputOf<D>;
  readonly key: KeyRule<OutputOf<D>, OutputOf<P>>;
  /** The chat that the event belongs to. Default: none. */
  chat?(data: OutputOf<D>): Address | undefined;
  /** Whether this account did it. Default: unknown. */
  fromMe?(data: OutputOf<D>): boolean | undefined;
  /**
   * Whether the data identifies what the event is about. If not, the event is `unrecognized`, since all such
   * events would have the same key. {@link about} names what is missing.
   */
  isIdentified(data: OutputOf<D>, payload: OutputOf<P>): boolean;
  /** What an event of this type must contain at least, for example `a message id or a chat`. */
  readonly about: string;
  /** Finds an unknown part of the engine's own object, as a path below the payload. Default: none. */
  findUnknown?(fact: Fact<OutputOf<D>, OutputOf<P>>, context: WireContext): string | undefined;
  /** When it happened, ISO-8601. Default, and where undefined: the time of the sender's envelope. */
  occurredAt?(data: OutputOf<D>): string | undefined;
}

/** A catalog entry: the declaration, with its schema and transform as one valibot schema. */
export interface EventTypeDefinition<P extends LazySchema, D extends LazySchema>
  extends EventTypeDeclaration<P, D> {
  /** Parses `{payload, context}` and returns the normalized data. */
  readonly wire: () => v.GenericSchema<{ payload: unknown; context: WireContext }, OutputOf<D>>;
}

/** A catalog entry of any type, for code that iterates over the catalog. */
export type AnyEventType = EventTypeDefinition<LazySchema, LazySchema>;

/** Declares an event type. The compiler checks `read` against the data schema. */
export function defineEventType<const P extends LazySchema, const D extends LazySchema>(
  declaration: EventTypeDeclaration<P, D>,
): EventTypeDefinition<P, D> {
  const payload = lazySchema(declaration.payload);
  const wire = lazySchema(() =>
    v.pipe(
      v.object({ payload: payload(), context: v.unknown() }),
      v.transform((body) =>
        declaration.read(body.payload as OutputOf<P>, body.context as WireContext),
      ),
    ),
  );
  return {
    ...declaration,
    payload: payload as P,
    data: lazySchema(declaration.data) as D,
    wire: wire as unknown as EventTypeDefinition<P, D>['wire'],
  };
}

/** The context of a webhook, from the request. */
export interface WebhookContext {
  /** When the request came in. */
  readonly receivedAt: Date;
  /** Id of the request. */
  readonly requestId: string;
  /** W3C trace context of the request. Default: none. */
  readonly traceparent?: string;
}

/** The text that a body was parsed from, and its position in it. */
export interface Origin {
  readonly text: string;
  /** The value for `raw` of the envelope. */
  readonly raw: unknown;
  /** Index in the list, of equal bodies that of the first; 0 if the text was not a list. */
  readonly index: number;
}
