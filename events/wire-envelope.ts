import * as v from 'valibot';
import { type Address, readAddress } from './address.ts';
import type { Sender, Wire } from './envelope.ts';
import { lazySchema } from './lazy-schema.ts';
import { own } from './own.ts';
import { opaque } from './wire-value.ts';

/**
 * The fields of the body around a payload (WAHA's `populateSessionInfo`; the same without `environment` in
 * Wawp's documentation; and the additional fields of Hypersender). Only names are declared, so that no value
 * makes an event unrecognized.
 */
export const wireEnvelope = lazySchema(() =>
  v.object({
    id: opaque,
    timestamp: opaque,
    event: opaque,
    session: opaque,
    metadata: opaque,
    me: v.nullish(
      v.object({
        id: opaque,
        pushName: opaque,
        lid: opaque,
        jid: opaque,
        reachoutTimelock: opaque,
        messageCapping: opaque,
      }),
    ),
    payload: opaque,
    engine: opaque,
    instanceId: opaque,
    userId: opaque,
    environment: v.nullish(
      v.object({
        version: opaque,
        engine: opaque,
        tier: opaque,
        browser: opaque,
        platform: opaque,
        worker: opaque,
      }),
    ),
  }),
);

/** Maximum length of names and ids; longer ones are cut. They become message attributes, metrics and keys. */
const maxNameLength = 256;

/** Reads a name or a number in the body, cut to the maximum length; undefined if there is none. */
export function readName(body: Wire, ...path: readonly string[]): string | undefined {
  const found = own(body, ...path);
  const name = typeof found === 'number' ? String(found) : found;
  return typeof name === 'string' && name !== '' ? name.slice(0, maxNameLength) : undefined;
}

/** GOWS names its engine only in `environment` (WAHA 2026.1). */
export function readEngine(body: Wire): string | undefined {
  return readName(body, 'engine') ?? readName(body, 'environment', 'engine');
}

/** The account of the session. */
export function readMe(body: Wire): Address | undefined {
  return readAddress(own(body, 'me', 'id'), own(body, 'me', 'jid'), own(body, 'me', 'lid'));
}

/**
 * Determines the sender of a body. WAHA writes `environment` into every body since 2023.10, and had no `id`
 * before that; Wawp documents `id`, `timestamp`, `metadata` and `me` for every body, and `environment` for
 * none. So a body with these fields and without `environment` is from Wawp; all others count as WAHA's, whose
 * bodies Wawp may also pass on.
 */
export function readSender(body: Wire): Sender {
  if (Object.hasOwn(body, 'environment')) {
    return 'waha';
  }
  const isWawp = ['id', 'timestamp', 'metadata', 'me'].every((name) => Object.hasOwn(body, name));
  return isWawp ? 'wawp' : 'waha';
}

/** Maximum number of tags of a session, and characters of each. */
const maxTags = 20;
const maxTag = 256;

/** Property names that must not be copied from untrusted input. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads the tags from the session's `metadata`: short texts only. */
export function readTags(metadata: unknown): { readonly [name: string]: string } | undefined {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return undefined;
  }
  const tags = Object.entries(metadata)
    .filter(([name]) => name !== '' && name.length <= maxTag && !reserved.has(name))
    .filter((tag): tag is [string, string] => typeof tag[1] === 'string')
    .slice(0, maxTags)
    .map(([name, text]) => [name, text.slice(0, maxTag).toWellFormed()]);
  return tags.length > 0 ? Object.fromEntries(tags) : undefined;
}
