import * as v from 'valibot';
import type { Address } from './address.ts';
import type { Fact, KeyRule } from './fact-key.ts';
import { type LazySchema, lazySchema, type OutputOf } from './lazy-schema.ts';

/** What the rest of the webhook body says about a payload. */
export interface WireContext {
  /** `WEBJS`, `WPP`, `NOWEB`, `GOWS` or what else the sender names. Absent where it names none. */
  readonly engine?: string;
  /** Version of the sender's software. Absent where the body does not say it. */
  readonly version?: string;
  /** The account of the session, from the body's `me`. Absent before login. */
  readonly me?: Address;
  /** What `me` says of restrictions of the account, as it is. Absent where it says nothing. */
  readonly limits?: { readonly reachoutTimelock: unknown; readonly messageCapping: unknown };
}

/**
 * What a category file says of a kind: what runs need. What only documents and demos need stands beside
 * it in `*.docs.ts` (kind-docs.ts), so that no function's bundle has it.
 */
export interface KindDeclaration<P extends LazySchema, D extends LazySchema> {
  /** The payload on the wire, as tolerant as the senders are different. */
  readonly payload: P;
  /** Whether the payload may be a list. Default: false. */
  readonly takesList?: boolean;
  /** The normalized data. What its fields mean stands in the docs entry of the kind. */
  readonly data: D;
  /** Makes the data from the payload. Pure; does not throw for any payload that passed its schema. */
  read(payload: OutputOf<P>, context: WireContext): OutputOf<D>;
  readonly key: KeyRule<OutputOf<D>, OutputOf<P>>;
  /** The chat that the event belongs to. Default: none. */
  chat?(data: OutputOf<D>): Address | undefined;
  /** Whether this account did it. Default: not said. */
  fromMe?(data: OutputOf<D>): boolean | undefined;
  /**
   * Whether the data says at least what it is about. What does not is `unrecognized`: all such events
   * would be one fact. {@link about} names what is missing.
   */
  isIdentified(data: OutputOf<D>, payload: OutputOf<P>): boolean;
  /** What an event of this kind must name at least, for example `a message id or a chat`. */
  readonly about: string;
  /** Path below the payload of a part of the engine's own object that is unknown. Default: none. */
  findUnknown?(fact: Fact<OutputOf<D>, OutputOf<P>>, context: WireContext): string | undefined;
  /** When it happened, ISO-8601. Default, and where undefined: the time of the sender's envelope. */
  occurredAt?(data: OutputOf<D>): string | undefined;
}

/** A catalog entry: the declaration, and its schema and transform as one valibot value. */
export interface Kind<P extends LazySchema, D extends LazySchema> extends KindDeclaration<P, D> {
  /** Takes `{payload, context}` as it came and gives the normalized data. */
  readonly wire: () => v.GenericSchema<{ payload: unknown; context: WireContext }, OutputOf<D>>;
}

/** Any kind, for code that goes through the catalog. */
export type AnyKind = Kind<LazySchema, LazySchema>;

/** Declares a kind. The compiler holds `read` to the data schema. */
export function kind<const P extends LazySchema, const D extends LazySchema>(
  declaration: KindDeclaration<P, D>,
): Kind<P, D> {
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
    wire: wire as unknown as Kind<P, D>['wire'],
  };
}

/** What the request says besides its body. */
export interface WebhookContext {
  /** When the request came in. */
  readonly receivedAt: Date;
  /** Id of the request. */
  readonly requestId: string;
  /** W3C trace context of the request. Default: none. */
  readonly traceparent?: string;
}

/** The text that a body was parsed from, and its place in it. */
export interface Origin {
  readonly text: string;
  /** What becomes `raw` of the envelope. */
  readonly raw: unknown;
  /** Place in the list where the text held one, of equal bodies the first; else 0. */
  readonly index: number;
}
