import { comparePersons, type Person } from '../../events/state/person.ts';
import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/connect.ts';
import { completed, latestByPerson, personIn } from './person.ts';
import type { Fact, SessionChoice, StateReader } from './state-reader.ts';

/** A group as the state knows it. Times are ISO-8601 UTC. */
export interface GroupView {
  readonly session: string;
  readonly id: string;
  /** Subject, description, invitation link and settings, as far as they were reported. */
  readonly info: Readonly<Record<string, unknown>>;
  /** Whether this account is in it. Absent if it was never reported. */
  readonly self: unknown;
  readonly members: readonly MemberView[];
  /** Requests to join. */
  readonly requests: readonly { readonly person: Person | undefined; readonly at: unknown }[];
  /** Newest first. */
  readonly history: readonly {
    readonly at: unknown;
    readonly action: unknown;
    readonly person: Person | undefined;
    readonly by: Person | undefined;
    readonly changed: unknown;
  }[];
}

/** A member of a group. */
interface MemberView {
  readonly person: Person | undefined;
  readonly role: unknown;
  /** When they joined. Absent if the event was not received. */
  readonly since: unknown;
}

/** Builds a group from its facts, whose addresses are complete. */
export function viewGroup(session: string, id: string, facts: readonly Fact[]): GroupView {
  const all = (name: string) => facts.filter(({ sk }) => sk.startsWith(`${name}#`));
  const roles = latestByPerson(all('member'), 'person');
  const joined = latestByPerson(all('joined'), 'person');
  const isOf = (person: Person | undefined) => (fact: Fact) =>
    person !== undefined && personIn(fact, 'person')?.id === person.id;
  // A full list has the version of its members' roles. An older role is of a person who is not in the list.
  const listed = facts.find(({ sk }) => sk === 'list')?.version ?? '';
  const changes = ['member', 'joined', 'left'].flatMap(all);
  const isAfter = (one: Fact) => (other: Fact) => other.version > one.version;
  const members = roles
    .filter(({ role, version }) => role !== 'left' && version >= listed)
    .map((fact) => {
      const person = personIn(fact, 'person');
      return { person, role: fact.role, since: joined.find(isOf(person))?.at };
    });
  return {
    ...{ session, id },
    info: Object.fromEntries(all('info').map(({ field, value }) => [field, value])),
    self: facts.find(({ sk }) => sk === 'self')?.member,
    members: members.sort((a, b) => rank(a) - rank(b)),
    requests: latestByPerson(all('request'), 'person')
      .filter(({ action }) => action === 'created')
      .filter((fact) => !members.some(({ person }) => isOf(person)(fact)))
      // After the person has joined or left, an earlier request no longer waits.
      .filter((fact) => !changes.filter(isOf(personIn(fact, 'person'))).some(isAfter(fact)))
      .map((fact) => ({ person: personIn(fact, 'person'), at: fact.at })),
    history: oncePerPerson(all('history'))
      .map((fact) => ({
        ...{ at: fact.at, action: fact.action, person: personIn(fact, 'person') },
        ...{ by: personIn(fact, 'by'), changed: fact.changed },
      }))
      .reverse(),
  };
}

/** Steps in order. The steps of a member who was reported under two addresses are merged. */
function oncePerPerson(steps: readonly Fact[]): readonly Fact[] {
  const keyOf = (fact: Fact) =>
    JSON.stringify([fact.sk.split('#').slice(0, 3), personIn(fact, 'person')?.id, fact.changed]);
  const byVersion = [...steps].sort((a, b) => (a.version < b.version ? -1 : 1));
  return [...new Map(byVersion.toReversed().map((fact) => [keyOf(fact), fact])).values()].reverse();
}

/** Roles of admins, the highest first. */
const adminRoles: readonly unknown[] = ['superadmin', 'admin'];

/** Admins first. */
const rank = ({ role }: MemberView) => {
  const index = adminRoles.indexOf(role);
  return index < 0 ? adminRoles.length : index;
};

/** Changes of a member after which the role may be another. */
const roleChanges: readonly unknown[] = ['join', 'leave', 'promote', 'demote'];

/**
 * Whether a person was an admin of a group at the time of a version, as far as the group's facts tell;
 * undefined if they tell nothing of the person's role then. If the role has changed since, the history tells
 * the earlier one; its entries expire after the facts of a message that was deleted before them.
 */
export function wasAdmin(
  facts: readonly Fact[],
  person: Person,
  version: string,
): boolean | undefined {
  const likeness = (fact: Fact) => comparePersons(person, personIn(fact, 'person'));
  const named = (name: string) =>
    facts
      .filter(({ sk }) => sk.startsWith(`${name}#`))
      .sort((a, b) => (a.version < b.version ? -1 : 1));
  const isOf = (fact: Fact) => likeness(fact) === 'same';
  const roles = named('member').filter(({ role }) => role !== undefined);
  const current = roles.findLast(isOf);
  const role = current?.role === 'left' ? undefined : current;
  if (role && role.version <= version) {
    return isAdmin(role);
  }
  const changes = named('history').filter(
    (fact) => roleChanges.includes(fact.action) && isOf(fact),
  );
  const next = changes.find((change) => change.version > version);
  const last = changes.findLast((change) => change.version <= version);
  if (next?.action === 'promote' || next?.action === 'demote') {
    return next.action === 'demote';
  }
  if (last && last.action !== 'leave') {
    return last.action === 'promote';
  }
  if (role && !next) {
    return isAdmin(role);
  }
  // A member who is known by another form of address may be the person.
  const isPlainOther = (fact: Fact) => likeness(fact) === 'incomparable' && !isAdmin(fact);
  return current === undefined && roles.some(isPlainOther) ? false : undefined;
}

const isAdmin = ({ role }: Fact) => adminRoles.includes(role);

/** A group as each session knows it. */
export async function readGroups(
  reader: StateReader,
  id: string,
  { session: only }: SessionChoice,
): Promise<readonly GroupView[]> {
  const sessions = await reader.sessions(stateKeys.groupSessions, only);
  const found = await inParallel(sessions, async (session) => {
    const facts = await reader.partition(stateKeys.group(session, id));
    return facts.length > 0
      ? [viewGroup(session, id, await completed(reader, session, facts))]
      : [];
  });
  return found.flat();
}
