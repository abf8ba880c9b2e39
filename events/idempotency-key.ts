import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { AnyKind, Fact, KeyPart } from './kind.ts';

/** What an idempotency key is made of beside the fact itself. */
export interface KeySource {
  readonly session?: string;
  /** The sender's event id, or what stands in the body for it. */
  readonly senderEventId?: string;
  /** Time of the sender's envelope, ISO-8601. */
  readonly sentAt?: string;
}

/**
 * Digits of the hash in a key. 40 are 160 bits: two facts do not meet by chance, nor can anybody make
 * them meet.
 */
const DIGITS = 40;

/** Published examples have ids that end in dots (`evt_01...`); two of those are not one event. */
export function isPlaceholder(id: string): boolean {
  return id.endsWith('...');
}

/**
 * The idempotency key of a fact: the name of the kind's rule and a hash, such as
 * `message:0f3b…`. Printable ASCII, under 128 characters, so that it fits an SQS deduplication id, and
 * nothing of the content can be read from it.
 *
 * A fact with a natural id has the same key however often and by whichever kind it is told. For one
 * without, the sender's event id and time stand in, together with the data, so that two facts never
 * share a key because an id is missing. Where a sender gives neither (WAHA before 2024.11), equal
 * payloads of the kind are one fact.
 */
export function idempotencyKey(
  kind: AnyKind,
  fact: Fact<unknown, unknown>,
  source: KeySource,
): string {
  const { name } = kind.key;
  const natural = kind.key.parts(fact);
  if (natural?.every((part) => part !== undefined)) {
    return keyOf(name, ['natural', source.session, ...natural]);
  }
  const { session, senderEventId, sentAt } = source;
  if (senderEventId && !isPlaceholder(senderEventId)) {
    return keyOf(name, ['event', session, senderEventId, sentAt, canonicalJson(fact.data)]);
  }
  const content = kind.key.content?.(fact) ?? fact.data;
  return keyOf(name, ['content', session, sentAt, canonicalJson(content)]);
}

/** A key of a name and parts. Parts are kept apart, whatever characters they hold. */
export function keyOf(name: string, parts: readonly KeyPart[]): string {
  return `${name}:${hash('sha256', JSON.stringify(parts), 'hex').slice(0, DIGITS)}`;
}
