import * as v from 'valibot';
import { type Address, readAddress } from './address.ts';
import type { Sender, Wire } from './envelope.ts';
import { lazySchema } from './lazy-schema.ts';
import { own, ownText } from './own.ts';
import { opaque } from './wire-value.ts';

/**
 * The fields of the body around a payload (WAHA's `populateSessionInfo`, the same without `environment`
 * in Wawp's docs, and what Hypersender has beside it). Only names are declared: nothing here may cost an event.
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

/** Names and ids are cut to this length: they become message attributes, metrics and keys. */
const maxNameLength = 256;

/** A name in the body as a short string; undefined where there is none. */
export function readName(body: Wire, ...path: readonly string[]): string | undefined {
  return ownText(body, ...path)?.slice(0, maxNameLength);
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
 * Who sent the body. WAHA writes `environment` into every body since 2023.10, and no body had an `id`
 * before that; Wawp documents `id`, `timestamp`, `metadata` and `me` in every body and `environment` in
 * none. So a body with the former and without the latter is Wawp's. Where neither applies, it is
 * WAHA's: Wawp passes WAHA's bodies on.
 */
export function readSender(body: Wire): Sender {
  if (Object.hasOwn(body, 'environment')) {
    return 'waha';
  }
  const isWawp = ['id', 'timestamp', 'metadata', 'me'].every((name) => Object.hasOwn(body, name));
  return isWawp ? 'wawp' : 'waha';
}

/** Tags of a session at most, and characters of each. */
const maxTags = 20;
const maxTag = 256;

/** Names that an object in JavaScript must not get from outside. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The session's `metadata`, of which only short texts are tags. */
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
