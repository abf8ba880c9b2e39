import { type Person, personOf } from '../../events/state/person.ts';
import { inParallel } from '../aws/connect.ts';
import type { Fact, StateReader } from './state-reader.ts';

/** The address in a field of a fact. */
export const personIn = (fact: Fact | undefined, field: string): Person | undefined =>
  personOf(fact?.[field]);

/** A person with all addresses under which there may be state. */
export interface KnownPerson extends Person {
  readonly addresses: readonly string[];
}

const isPhone = (id: string) => id.endsWith('@c.us');
const isHidden = (id: string) => id.endsWith('@lid');

/** The most recently learned alias of one form. */
function lastLearned(aliases: readonly Fact[], isForm: (id: string) => boolean) {
  const since = new Map<string, string>();
  for (const { alias, version } of aliases) {
    if (typeof alias === 'string' && isForm(alias)) {
      const other = since.get(alias);
      // Each consumer learns aliases on its own; the earliest version counts.
      since.set(alias, other === undefined || version < other ? version : other);
    }
  }
  const [last] = [...since].sort(([a, one], [b, two]) => (`${one}#${a}` < `${two}#${b}` ? 1 : -1));
  return { last: last?.[0], all: [...since.keys()].sort() };
}

/**
 * The person that an address belongs to, by all pairs that are known now: the phone number, if an event
 * contained both, with its hidden ids. A hidden id belongs to the phone number that it was last seen with,
 * since a person may change the number, and another person may get it.
 */
export async function knownPerson(
  reader: StateReader,
  session: string,
  id: string,
): Promise<KnownPerson> {
  const phoneOf = async (lid: string) =>
    lastLearned(await reader.aliases(session, lid), isPhone).last;
  const phone = isHidden(id) ? await phoneOf(id) : id;
  if (phone === undefined || !isPhone(phone)) {
    return { ...(personOf({ id }) as Person), addresses: [id] };
  }
  const seen = lastLearned(await reader.aliases(session, phone), isHidden);
  const owners = await Promise.all(seen.all.map(phoneOf));
  const lids = seen.all.filter((_, index) => owners[index] === phone);
  const lid = seen.last !== undefined && lids.includes(seen.last) ? seen.last : lids[0];
  return { ...(personOf({ id: phone, lid }) as Person), addresses: [phone, ...lids] };
}

/** Fields of facts that hold an address. */
const personFields = ['author', 'by', 'caller', 'chat', 'person', 'recipient', 'voter'] as const;

/**
 * Completes the addresses in facts by all pairs that are known now. A fact that was stored under a hidden id
 * is returned with the phone number, no matter when the pair was learned.
 */
export async function completed<Any extends Fact>(
  reader: StateReader,
  session: string,
  facts: readonly Any[],
): Promise<readonly Any[]> {
  const named = facts.flatMap((fact) =>
    [...personFields.map((field) => personIn(fact, field)), ownerIn(fact)].flatMap(
      (person) => person ?? [],
    ),
  );
  // The pairs of group members are only in the group's own facts.
  const pairs = new Map(
    named.flatMap(({ id, lid }) => (lid === undefined || lid === id ? [] : [[lid, id] as const])),
  );
  const ids = [...new Set(named.map(({ id }) => id))].filter((id) => isPhone(id) || isHidden(id));
  const found = await inParallel(ids, async (id) => {
    const known = await knownPerson(reader, session, id);
    const phone = pairs.get(id);
    const own =
      isHidden(known.id) && phone !== undefined ? personOf({ id: phone, lid: id }) : known;
    return [id, own] as const;
  });
  const byId = new Map(found);
  const complete = (person: Person | undefined): Person | undefined => {
    const known = person && byId.get(person.id);
    if (!known) {
      return person;
    }
    const { id, phone, lid = person.lid } = known;
    return { id, ...(phone ? { phone } : {}), ...(lid ? { lid } : {}) };
  };
  return facts.map((fact) => {
    const fields = personFields.flatMap((field) => {
      const person = complete(personIn(fact, field));
      return person ? [[field, person]] : [];
    });
    const of = fact.of && { ...fact.of, person: complete(ownerIn(fact)) };
    return { ...fact, ...Object.fromEntries(fields), ...(of ? { of } : {}) };
  });
}

const ownerIn = ({ of }: Fact) => personOf((of as { person?: unknown } | undefined)?.person);

/** The latest fact of each person, of facts with complete addresses, in the order of these facts. */
export function latestByPerson(facts: readonly Fact[], field: string): readonly Fact[] {
  const latest = new Map<string, Fact>();
  for (const fact of facts) {
    // A key that needs no address ends with `#me`.
    const end = fact.sk.slice(fact.sk.lastIndexOf('#'));
    const isPlain = end === '#me' || end === '#peer';
    const key = isPlain ? end : (personIn(fact, field)?.id ?? end);
    const other = latest.get(key);
    if (!other || other.version < fact.version) {
      latest.set(key, fact);
    }
  }
  return [...latest.values()].sort((a, b) => (a.version < b.version ? -1 : 1));
}

/** An address as people write it: the phone number where it is known. */
export const nameOf = (person: Person | undefined): string => person?.phone ?? person?.id ?? '';

/** Whether a chat is a group. */
export const isGroup = (chat: Person | undefined): boolean => chat?.id.endsWith('@g.us') === true;

/** A chat as a person types it: an address, a phone number, or the digits of either. */
export function readChatId(given: string): string {
  const text = given.trim();
  if (text.includes('@')) {
    return text.replace(/@s\.whatsapp\.net$/, '@c.us');
  }
  const digits = text.replace(/^\+|[\s().-]/g, '');
  return /^\d+$/.test(digits) ? `${digits}@c.us` : text;
}

/** A group as a person types it: an address, or the part before the `@`. */
export const readGroupId = (given: string): string =>
  given.includes('@') ? given.trim() : `${given.trim()}@g.us`;
