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

/** Pairs that are learned of one event at most: as many as a group has members. */
export const maxPairs = 1_024;

/**
 * The pairs that the body of an event names: in its addresses, in `me`, and in what the engines say
 * besides (`_data`). No LID and no phone number occurs twice; of contradictions, the first counts.
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
 * Whose pairs they are: the account of a session, by phone number, else by LID; where the body does not
 * name one, the session itself. The session is always a part: a sender whose secret is valid for one session
 * must not be able to say who somebody is to another.
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

/** A body with an integer beyond 64 bits is carried as text. It was parsed before; its numbers do not matter here. */
function bodyOf({ type }: Meta, raw: unknown): unknown {
  return typeof raw === 'string' && type !== 'unrecognized' ? JSON.parse(raw) : raw;
}

/**
 * Fields whose content comes from other people, not from the engine: messages as protocol buffers, and what
 * they quote. Nothing in it says who somebody is.
 */
const written: ReadonlySet<string> = new Set([
  'Message',
  'RawMessage',
  'message',
  'quotedMessage',
  'quotedMsg',
]);

/**
 * Goes through the objects of a body, in their order. Recursive: what is deeper than 500 levels was never parsed.
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

/** Names under which one object has the addresses of the person that it stands for. */
const ownNames: ReadonlySet<string> = new Set([
  ...['id', 'jid', 'lid', 'pn', 'phoneNumber'],
  ...['JID', 'LID', 'PhoneNumber'],
]);

/** Ends of the names under which an object has the other address of what another field names. */
const otherNames = /^(.+)(?:Alt|P[nN]|L(?:id|ID))$/;

/** Ends of the name of that other field. */
const endings = ['', 'Id', 'Jid', 'JID', 'Alt', 'Pn', 'PN', 'Lid', 'LID'] as const;

/** Fields without such a name, with the field that names the same person. */
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

/** Adds the pair of these spellings of one person's address, if both are among them. */
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
