import { readAddress } from '../address.ts';
import type { Envelope, Meta } from '../envelope.ts';
import { own } from '../own.ts';
import { stateKey } from '../state/state-keys.ts';
import { addressesIn } from './map-addresses.ts';

/** Two addresses of one person. */
export interface IdentityPair {
  /** `…@lid`. */
  readonly lid: string;
  /** E.164. */
  readonly phone: string;
}

/** Maximum number of pairs that are learned from one event: the maximum number of members of a group. */
export const maxPairs = 1_024;

/**
 * The pairs in the body of an event: in its addresses, in `me`, and in the engine's own object (`_data`).
 * Each LID and each phone number occurs once; of contradicting pairs, the first is used.
 */
export function pairsIn({ meta, data, raw }: Envelope): readonly IdentityPair[] {
  const pairs = new Pairs();
  pairs.add(meta.account?.phone, meta.account?.lid);
  for (const { phone, lid } of addressesIn(meta.type, data)) {
    pairs.add(phone, lid);
  }
  learnFromBody(bodyOf(meta, raw), pairs);
  return pairs.all;
}

/**
 * The scope of pairs: the session and its account, by phone number, else by LID; without an account the
 * session alone. The session is always part of it: a sender whose secret is valid for one session must not be
 * able to change the pairs of another.
 */
export function scopeOf({ session, account }: Pick<Meta, 'session' | 'account'>): string {
  return stateKey(session ?? '', account?.phone ?? account?.lid ?? account?.id ?? '');
}

class Pairs {
  readonly all: IdentityPair[] = [];
  readonly #seen = new Set<string>();

  add(phone: string | undefined, lid: string | undefined): void {
    if (phone === undefined || lid === undefined || this.all.length === maxPairs) {
      return;
    }
    if (!this.#seen.has(phone) && !this.#seen.has(lid)) {
      this.#seen.add(phone).add(lid);
      this.all.push({ lid, phone });
    }
  }
}

/**
 * Returns the body as an object. A body with an integer beyond 64 bits is carried as text; it was parsed
 * before, and its numbers are not needed here.
 */
function bodyOf({ type }: Meta, raw: unknown): unknown {
  return typeof raw === 'string' && type !== 'unrecognized' ? JSON.parse(raw) : raw;
}

/**
 * Fields whose content other people wrote, not the engine: messages as protocol buffers, and quoted messages.
 * They are not trusted for pairs.
 */
const written: ReadonlySet<string> = new Set([
  'Message',
  'RawMessage',
  'message',
  'quotedMessage',
  'quotedMsg',
]);

/**
 * Visits the objects of a body in order. It may be recursive, since a body with more than 500 levels is not
 * parsed.
 */
function learnFromBody(value: unknown, pairs: Pairs): void {
  if (typeof value !== 'object' || value === null || pairs.all.length === maxPairs) {
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) {
      learnFromBody(item, pairs);
    }
    return;
  }
  const object = value as Readonly<Record<string, unknown>>;
  learnFromObject(object, pairs);
  for (const name of Object.keys(object)) {
    if (!written.has(name)) {
      learnFromBody(object[name], pairs);
    }
  }
}

/** Fields of an object that contain addresses of the person whom the object describes. */
const ownNames: ReadonlySet<string> = new Set([
  ...['id', 'jid', 'lid', 'pn', 'phoneNumber'],
  ...['JID', 'LID', 'PhoneNumber'],
]);

/** Endings of field names that contain the other address of the person in another field. */
const otherNames = /^(.+)(?:Alt|P[nN]|L(?:id|ID))$/;

/** Endings of the name of that other field. */
const endings = ['', 'Id', 'Jid', 'JID', 'Alt', 'Pn', 'PN', 'Lid', 'LID'] as const;

/** Other fields, with the field that contains an address of the same person. */
const special: Readonly<
  Record<string, readonly [field: string, isSame: (object: object) => boolean]>
> = {
  // Baileys' call.
  callerPn: ['from', () => true],
  // Baileys' message key, in a direct chat.
  senderPn: ['remoteJid', (key) => own(key, 'fromMe') === false],
  senderLid: ['remoteJid', (key) => own(key, 'fromMe') === false],
  // whatsmeow's `MessageSource`.
  RecipientAlt: ['Chat', (info) => own(info, 'IsFromMe') === true && own(info, 'IsGroup') !== true],
};

function learnFromObject(object: Readonly<Record<string, unknown>>, pairs: Pairs): void {
  const named: unknown[] = [];
  for (const name of Object.keys(object)) {
    if (ownNames.has(name)) {
      named.push(object[name]);
    }
    const [, stem] = otherNames.exec(name) ?? [];
    if (stem === undefined) {
      continue;
    }
    const [field, isSame] = Object.hasOwn(special, name) ? (special[name] ?? []) : [];
    learnSame(
      [
        object[name],
        ...endings.map((ending) => own(object, `${stem}${ending}`)),
        ...(field !== undefined && isSame?.(object) ? [own(object, field)] : []),
      ],
      pairs,
    );
  }
  if (named.length > 1) {
    learnSame(named, pairs);
  }
}

/** Adds a pair if these spellings of one person's address contain both a phone number and a LID. */
function learnSame(values: readonly unknown[], pairs: Pairs): void {
  let phone: string | undefined;
  let lid: string | undefined;
  for (const value of values) {
    const address = value === undefined || value === null ? undefined : readAddress(value);
    phone ??= address?.phone;
    lid ??= address?.lid;
  }
  pairs.add(phone, lid);
}
