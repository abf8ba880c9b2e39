import { hash } from 'node:crypto';
import type { Address } from './address.ts';
import { canonicalJson } from './json.ts';

/** One party of a fact: what is known of an address. Short hashes, never the numbers themselves. {} = unknown. */
export interface Party {
  readonly phone?: string;
  readonly lid?: string;
}

/** What says which fact an event reports. Two reports are of one fact if base and parties agree. */
export interface FactKey {
  /** Hash of what all reports of the fact share whatever address form they use, without who and where. */
  readonly base: string;
  /** Chat, author, reader, … in a fixed order for the family. */
  readonly parties: readonly Party[];
}

/** One fact, as an idempotency key sees it. */
export interface Fact<Data, Payload> {
  readonly data: Data;
  readonly payload: Payload;
}

/** Which events of a kind report the same fact. */
export interface KeyRule<Data, Payload> {
  /** Name of the family. Kinds that can report one and the same fact share it. */
  readonly name: string;
  /**
   * What identifies the fact within its session. Undefined, or with a part that is undefined: this payload
   * does not identify it; then the sender's event id and time do. Default: no payload does.
   */
  identify?(fact: Fact<Data, Payload>): FactIdentity | undefined;
  /** What is compared beside the sender's event id and time. Default: `data`. */
  content?(fact: Fact<Data, Payload>): unknown;
}

/** One part of an idempotency key. */
export type KeyPart = string | number | boolean | undefined;

/** What identifies a fact within its session, by the payload's own ids. */
export interface FactIdentity {
  /** Ids and words that have one form. One that is undefined: the payload does not identify the fact. */
  readonly parts: readonly KeyPart[];
  /** Those who take part, in a fixed order; undefined where the payload does not name them. */
  readonly parties?: readonly (Address | undefined)[];
}

/** What the sender's envelope says of an event. */
export interface EnvelopeIdentity {
  readonly session?: string;
  /** The sender's event id, or what stands in the body for it. */
  readonly senderEventId?: string;
  /** Time of the sender's envelope, ISO-8601. */
  readonly sentAt?: string;
  /** Time that the payload itself names, ISO-8601. */
  readonly occurredAt?: string;
}

/** Digits of an id's hash: 160 bits, so that two facts do not meet by chance, nor by an attacker's effort. */
const idDigits = 40;

/** Digits of a party's hash: it is only ever compared with parties under the same base. */
const partyDigits = 20;

/**
 * The key of a fact, in this order:
 *
 * 1. By the payload's own ids (`identify`), whichever event type, webhook or copy reports it.
 * 2. Else by the sender's event id, with time and content.
 * 3. Else by the time alone, with the content: two equal facts in one unit of the sender's time are one.
 * 4. Else undefined: a repetition cannot be distinguished from a retry.
 *
 * It is made of what the body itself says, never of what is known from elsewhere, so that a body has the
 * same key today and tomorrow.
 */
export function keyOfFact<Data, Payload>(
  kind: { readonly key: KeyRule<Data, Payload> },
  fact: Fact<Data, Payload>,
  { session, senderEventId, sentAt, occurredAt }: EnvelopeIdentity,
): FactKey | undefined {
  const { name } = kind.key;
  const identity = kind.key.identify?.(fact);
  if (identity?.parts.every((part) => part !== undefined)) {
    return factKey(name, ['payload', session, ...identity.parts], identity.parties);
  }
  const content = canonicalJson(kind.key.content?.(fact) ?? fact.data);
  if (senderEventId !== undefined && !isPlaceholder(senderEventId)) {
    return factKey(name, ['event', session, senderEventId, sentAt, content]);
  }
  const time = sentAt ?? occurredAt;
  return time === undefined ? undefined : factKey(name, ['time', session, time, content]);
}

/** A key of a family's name, parts that have one form, and parties. */
export function factKey(
  name: string,
  parts: readonly KeyPart[],
  parties: readonly (Address | undefined)[] = [],
): FactKey {
  const base = nameAndHash(name, parts);
  return { base, parties: parties.map((address) => partyOf(base, address)) };
}

/**
 * Whether the parties of two keys with one base can be the same. Different phone
 * numbers or LIDs make them different; a value that one of them does not have does not.
 */
export function canBeSame(a: readonly Party[], b: readonly Party[]): boolean {
  return a.every((party, index) => {
    const other = b[index];
    return agree(party.phone, other?.phone) && agree(party.lid, other?.lid);
  });
}

/**
 * The idempotency key of a fact, `meta.id`: the name of the family and a hash, such as `message:0f3b…`.
 * Printable ASCII, under 128 characters, so that it fits an SQS deduplication id, and nothing of the
 * content can be read from it. Keys that differ by {@link canBeSame} have different ids.
 */
export function idOf({ base, parties }: FactKey): string {
  const known = parties.map(({ phone, lid }) => [phone ?? null, lid ?? null]);
  return nameAndHash(base.slice(0, base.lastIndexOf(':')), [base, JSON.stringify(known)]);
}

/**
 * The id of an event without a key. Two have the same only if the bodies are equal byte for byte and came
 * under one request id, which the sender's retries repeat.
 */
export function idOfRequest(
  name: string,
  request: { readonly text: string; readonly index: number; readonly requestId: string },
): string {
  const { text, index, requestId } = request;
  return nameAndHash(name, ['request', requestId, hash('sha256', text, 'hex'), index]);
}

/** Published examples have ids that end in dots (`evt_01...`); two of those are not one event. */
export function isPlaceholder(id: string): boolean {
  return id.endsWith('...');
}

/** The parts are kept apart, whatever characters they hold. */
function nameAndHash(name: string, parts: readonly KeyPart[]): string {
  return `${name}:${hash('sha256', JSON.stringify(parts), 'hex').slice(0, idDigits)}`;
}

/** Bare digits, as some payloads name a person: a phone number. */
const bareNumber = /^\+?([1-9]\d{4,14})$/;

/**
 * An address as a party. One that has a single form (a group, a channel) stands in both places, so that it
 * is known to differ from every person. Hashed with the base: one number looks different in every fact.
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
 * The key of a kind whose payload has no id of its own: the sender's event id and time distinguish
 * its events. Its docs entry says what may repeat.
 */
export function eventIdKey(name: string): KeyRule<unknown, unknown> {
  return { name };
}
