import * as v from 'valibot';
import { lazySchema, type OutputOf } from './lazy-schema.ts';
import { own } from './own.ts';

/** Maximum length of an address, longer than any of WhatsApp's. A longer text is not an address. */
const maxAddressLength = 128;

const addressKinds = ['user', 'group', 'channel', 'broadcast', 'status', 'bot', 'other'] as const;

/** The normalized address of a person, group or other party of a chat. */
export const addressData = lazySchema(() =>
  v.object({
    kind: v.picklist(addressKinds),
    id: v.string(),
    phone: v.optional(v.pipe(v.string(), v.regex(/^\+[1-9]\d{4,14}$/))),
    lid: v.optional(v.pipe(v.string(), v.regex(/^\d{1,20}@lid$/))),
  }),
);

/** See {@link addressData}. */
export type Address = OutputOf<typeof addressData>;

/** JID servers of WhatsApp (from whatsmeow's `types/jid.go` and WAHA's `utils/jids.ts`). */
const kindOfServer: ReadonlyMap<string, Address['kind']> = new Map([
  ['c.us', 'user'],
  ['s.whatsapp.net', 'user'],
  ['hosted', 'user'],
  ['lid', 'user'],
  ['hosted.lid', 'user'],
  ['g.us', 'group'],
  ['newsletter', 'channel'],
  ['broadcast', 'broadcast'],
  ['bot', 'bot'],
  ['meta.ai', 'bot'],
]);

const lidServers: ReadonlySet<string> = new Set(['lid', 'hosted.lid']);
const lidPattern = /^\d{1,20}$/;
const phonePattern = /^[1-9]\d{4,14}$/;

/**
 * Reads an address from a payload. `alternates` are other spellings of the same person's address in the
 * payload; they add the phone number to a hidden id and vice versa. Undefined for a value that is not an
 * address, for WhatsApp's null address `0@c.us`, and for the word `me`.
 */
export function readAddress(
  value: unknown,
  ...alternates: readonly unknown[]
): Address | undefined {
  let address = parse(addressText(value));
  for (const alternate of alternates) {
    if (address === undefined) {
      address = parse(addressText(alternate));
    } else if (wantsMore(address)) {
      address = complete(address, parse(addressText(alternate)));
    }
  }
  return address;
}

/** Adds the phone number or hidden id of `other`. The caller must know that both are the same person. */
export function complete(address: Address, other: Address | undefined): Address {
  if (other?.kind !== 'user' || !wantsMore(address)) {
    return address;
  }
  const phone = address.phone ?? other.phone;
  const lid = address.lid ?? other.lid;
  if (phone === address.phone && lid === address.lid) {
    return address;
  }
  const id =
    address.phone === undefined && phone !== undefined ? `${phone.slice(1)}@c.us` : address.id;
  return person(id, phone, lid);
}

/** Whether two addresses are known to be the same person or chat: by id, phone number or hidden id. */
export function isSame(one: Address | undefined, other: Address | undefined): boolean {
  if (one === undefined || other === undefined) {
    return false;
  }
  return (
    one.id === other.id ||
    (one.phone !== undefined && one.phone === other.phone) ||
    (one.lid !== undefined && one.lid === other.lid)
  );
}

function wantsMore(address: Address): boolean {
  return address.kind === 'user' && (address.phone === undefined || address.lid === undefined);
}

function addressText(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  const serialized = own(value, '_serialized');
  if (typeof serialized === 'string') {
    return serialized;
  }
  const user = own(value, 'user');
  const server = own(value, 'server');
  return typeof user === 'string' && typeof server === 'string' ? `${user}@${server}` : undefined;
}

function parse(text: string | undefined): Address | undefined {
  if (text === undefined || text === '' || text === 'me' || text.length > maxAddressLength) {
    return undefined;
  }
  const at = text.lastIndexOf('@');
  if (at < 0) {
    return { kind: 'other', id: text };
  }
  const server = text.slice(at + 1);
  const kind = kindOfServer.get(server);
  if (kind === undefined) {
    return { kind: 'other', id: text };
  }
  if (kind === 'user') {
    return readPerson(withoutDevice(text.slice(0, at)), server);
  }
  if (text === 'status@broadcast') {
    return { kind: 'status', id: text };
  }
  return { kind, id: text };
}

function readPerson(user: string, server: string): Address | undefined {
  if (lidServers.has(server)) {
    return lidPattern.test(user)
      ? person(`${user}@lid`, undefined, `${user}@lid`)
      : other(user, 'lid');
  }
  if (user === '0' || user === '') {
    return undefined;
  }
  return phonePattern.test(user)
    ? person(`${user}@c.us`, `+${user}`, undefined)
    : other(user, 'c.us');
}

function other(user: string, server: string): Address {
  return { kind: 'user', id: `${user}@${server}` };
}

/** The address of a person. The result is the same in whatever order phone number and hidden id were found. */
function person(id: string, phone: string | undefined, lid: string | undefined): Address {
  if (phone === undefined) {
    return lid === undefined ? { kind: 'user', id } : { kind: 'user', id, lid };
  }
  return lid === undefined ? { kind: 'user', id, phone } : { kind: 'user', id, phone, lid };
}

/** Removes the device from `<user>.<agent>:<device>`, since an address is that of a person. */
function withoutDevice(user: string): string {
  const colon = user.indexOf(':');
  const account = colon < 0 ? user : user.slice(0, colon);
  const dot = account.indexOf('.');
  return dot < 0 ? account : account.slice(0, dot);
}
