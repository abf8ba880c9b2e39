import { hash } from 'node:crypto';
import type { Address } from './address.ts';
import { canonicalJson } from './json.ts';

/** One party of a fact: short hashes of its phone number and hidden id. An empty object means unknown. */
export interface Party {
  readonly phone?: string;
  readonly lid?: string;
}

/**
 * Identifies the fact that an event reports. Two events report one fact if their bases are equal and their
 * parties can be the same.
 */
export interface FactKey {
  /**
   * Hash of what all reports of the fact have in common. It contains no addresses, since reports may spell
   * these differently.
   */
  readonly base: string;
  /** Chat, author, reader, … in the fixed order of the family. */
  readonly parties: readonly Party[];
}

/** The input of a key rule. */
export interface Fact<Data, Payload> {
  readonly data: Data;
  readonly payload: Payload;
}

/** The key rule of an event type: which of its events report the same fact. */
export interface KeyRule<Data, Payload> {
  /** Name of the family. Event types that can report the same fact share it. */
  readonly name: string;
  /**
   * What identifies the fact within its session. If it or one of its parts is undefined, the payload does not
   * identify the fact, and the sender's event id and time are used. Default: always undefined.
   */
  identify?(fact: Fact<Data, Payload>): FactIdentity | undefined;
  /** The content that is hashed in addition to the sender's event id and time. Default: `data`. */
  content?(fact: Fact<Data, Payload>): unknown;
}

/** One part of an idempotency key. */
export type KeyPart = string | number | boolean | undefined;

/** Identifies a fact within its session by ids in the payload. */
export interface FactIdentity {
  /** Ids and words that have only one spelling. If one is undefined, the payload does not identify the fact. */
  readonly parts: readonly KeyPart[];
  /** The parties in a fixed order; undefined for a party that the payload does not name. */
  readonly parties?: readonly (Address | undefined)[];
}

/** Identifies an event by the sender's envelope. */
export interface EnvelopeIdentity {
  readonly session?: string;
  /** The sender's event id, or another id in the body that serves as one. */
  readonly senderEventId?: string;
  /** Time of the sender's envelope, ISO-8601. */
  readonly sentAt?: string;
  /** Time in the payload, ISO-8601. */
  readonly occurredAt?: string;
}

/** Hexadecimal digits of an id's hash: 160 bits, so that ids do not collide by chance or by an attack. */
const idDigits = 40;

/** Hexadecimal digits of a party's hash, which is compared only with parties of the same base. */
const partyDigits = 20;

/**
 * Returns the key of a fact, by the first of these that is possible:
 *
 * 1. The ids in the payload (`identify`): the same key for every event type, webhook or copy that reports the
 * fact.
 * 2. The sender's event id, with time and content.
 * 3. The time with the content: two equal facts in the same unit of the sender's time count as one.
 * 4. Undefined: a repetition cannot be distinguished from a retry.
 *
 * The key depends on the body only, never on learned identities, so that a body has the same key at any time.
 */
export function keyOfFact<Data, Payload>(
  definition: { readonly key: KeyRule<Data, Payload> },
  fact: Fact<Data, Payload>,
  { session, senderEventId, sentAt, occurredAt }: EnvelopeIdentity,
): FactKey | undefined {
  const { name } = definition.key;
  const identity = definition.key.identify?.(fact);
  if (identity?.parts.every((part) => part !== undefined)) {
    return factKey(name, ['payload', session, ...identity.parts], identity.parties);
  }
  const content = canonicalJson(definition.key.content?.(fact) ?? fact.data);
  if (senderEventId !== undefined && !isPlaceholder(senderEventId)) {
    return factKey(name, ['event', session, senderEventId, sentAt, content]);
  }
  const time = sentAt ?? occurredAt;
  return time === undefined ? undefined : factKey(name, ['time', session, time, content]);
}

/** Creates a key from the name of a family, parts with one spelling, and parties. */
export function factKey(
  name: string,
  parts: readonly KeyPart[],
  parties: readonly (Address | undefined)[] = [],
): FactKey {
  const base = nameAndHash(name, parts);
  return { base, parties: parties.map((address) => partyOf(base, address)) };
}

/**
 * Whether the parties of two keys with the same base can be the same. They differ if their phone numbers or
 * LIDs differ; a value that one of them does not have is ignored.
 */
export function canBeSame(a: readonly Party[], b: readonly Party[]): boolean {
  return a.every((party, index) => {
    const other = b[index];
    return agree(party.phone, other?.phone) && agree(party.lid, other?.lid);
  });
}

/**
 * The idempotency key of a fact, `meta.id`: the name of the family and a hash, such as `message:0f3b…`. It is
 * printable ASCII of less than 128 characters, so that it can be used as a deduplication id of SQS, and
 * reveals no content. Keys that are different according to {@link canBeSame} have different ids.
 */
export function idOf({ base, parties }: FactKey): string {
  const known = parties.map(({ phone, lid }) => [phone ?? null, lid ?? null]);
  return nameAndHash(base.slice(0, base.lastIndexOf(':')), [base, JSON.stringify(known)]);
}

/**
 * The id of an event without a key. Two events have the same id only if their bodies are equal byte for byte
 * and have the same request id, as in a sender's retry.
 */
export function idOfRequest(
  name: string,
  request: { readonly text: string; readonly index: number; readonly requestId: string },
): string {
  const { text, index, requestId } = request;
  return nameAndHash(name, ['request', requestId, hash('sha256', text, 'hex'), index]);
}

/**
 * Whether an id is a placeholder. Published examples have ids that end in dots (`evt_01...`), which do not
 * identify an event.
 */
export function isPlaceholder(id: string): boolean {
  return id.endsWith('...');
}

/** A name and a hash of parts. The parts are separated unambiguously. */
function nameAndHash(name: string, parts: readonly KeyPart[]): string {
  return `${name}:${hash('sha256', JSON.stringify(parts), 'hex').slice(0, idDigits)}`;
}

/** A phone number as bare digits, which some payloads use for a person. */
const bareNumber = /^\+?([1-9]\d{4,14})$/;

/**
 * Converts an address to a party. An address with only one spelling (a group, a channel) is used for both
 * fields, so that it differs from every person. It is hashed together with the base, so that one number has a
 * different hash in every fact.
 */
function partyOf(base: string, address: Address | undefined): Party {
  if (address === undefined) {
    return {};
  }
  const digest = (text: string) =>
    hash('sha256', JSON.stringify([base, text]), 'hex').slice(0, partyDigits);
  const digits = address.kind === 'other' ? bareNumber.exec(address.id)?.[1] : undefined;
  const phone = address.phone ?? (digits && `+${digits}`);
  const { lid } = address;
  if (phone === undefined && lid === undefined) {
    return { phone: digest(address.id), lid: digest(address.id) };
  }
  return {
    ...(phone === undefined ? {} : { phone: digest(phone) }),
    ...(lid === undefined ? {} : { lid: digest(lid) }),
  };
}

function agree(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/**
 * The key rule of an event type whose payload has no id: the sender's event id and time distinguish its
 * events. The documentation of the type says what may be repeated.
 */
export function eventIdKey(name: string): KeyRule<unknown, unknown> {
  return { name };
}
