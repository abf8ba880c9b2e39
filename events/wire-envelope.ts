import * as v from 'valibot';
import { type Address, readAddress } from './address.ts';
import type { Sender, Wire } from './envelope.ts';
import { lazySchema } from './lazy-schema.ts';
import { own, ownText } from './own.ts';
import { opaque } from './wire-value.ts';

/**
 * The fields of the body around a payload (WAHA's `populateSessionInfo`, and the same without
 * `environment` in Wawp's docs). Only names are declared: nothing here may cost an event.
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
const LONGEST_NAME = 256;

/** A name in the body as a short string; undefined where there is none. */
export function readName(body: Wire, ...path: readonly string[]): string | undefined {
  return ownText(body, ...path)?.slice(0, LONGEST_NAME);
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
 * none. So a body with the former and without the latter is Wawp's. Where that does not tell, it is
 * WAHA's: Wawp passes WAHA's bodies on.
 */
export function readSender(body: Wire): Sender {
  if (Object.hasOwn(body, 'environment')) return 'waha';
  const isWawp = ['id', 'timestamp', 'metadata', 'me'].every((name) => Object.hasOwn(body, name));
  return isWawp ? 'wawp' : 'waha';
}
