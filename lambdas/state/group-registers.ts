import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import { comparePersons } from '../../events/state/person.ts';
import { stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  bounded,
  earliest,
  happenedAt,
  knownSession,
  latest,
  type Register,
  type RegistersOf,
  stored,
} from './register.ts';

/** The registers of the consumer `groups`: each group with its settings, members and history. */
export const groupRegisters: RegistersOf<EventTypeIn<'groups'>> = {
  'group.v2.join': changed,
  'group.v2.leave': changed,
  'group.v2.update': changed,
  'group.v2.participants': changed,
  'group.join': changed,
  'group.leave': changed,
  'group.v2.participants.join-request': requested,
};

type Change = EventOf<Exclude<EventTypeIn<'groups'>, 'group.v2.participants.join-request'>>;
type Participant = NonNullable<Change['data']['participants']>[number];

/** The settings of a group. Each is a register of its own, since an event contains only what changed. */
const fields = [
  'subject',
  'description',
  'inviteLink',
  'membersCanAddMembers',
  'membersCanSend',
  'membersCanEditInfo',
  'approvalRequired',
  'expiresAfterSeconds',
  'community',
] as const;

function changed({ meta, data }: Change): readonly Register[] {
  const { chat, action, participants = [], by, group } = data;
  if (!chat) {
    return [];
  }
  const at = happenedAt(meta);
  const session = meta.session ?? unnamedSession;
  const pk = stateKeys.group(session, chat.id);
  const known = fields.filter((field) => group?.[field] !== undefined);
  const members = group?.members ?? [];
  // An address that was completed later can be compared with the account's.
  const isOwn =
    data.self ?? participants.some(({ person }) => comparePersons(person, meta.account) === 'same');
  const isMove = action === 'join' || action === 'leave';
  return [
    ...known.map((field) =>
      latest({ pk, sk: stateKey('info', field) }, meta, {
        ...{ field, value: bounded(group?.[field]), at },
      }),
    ),
    // Before the full list, because the change has the correct role of its participants. A change without a
    // role, such as a new number, keeps the known one.
    ...participants
      .filter(({ role }) => role !== undefined)
      .flatMap((one) => member({ pk, meta }, one)),
    ...participants.flatMap((one) => moved({ pk, meta, action, by }, one)),
    ...members.flatMap((one) => member({ pk, meta }, one)),
    // Who is not in a full list has left, although no event reported it.
    ...(members.length > 0 ? [latest({ pk, sk: 'list' }, meta, { at })] : []),
    ...(isOwn && isMove
      ? [latest({ pk, sk: 'self' }, meta, { member: action === 'join', at })]
      : []),
    ...(action === 'update' ? [history({ pk }, meta, { action, by, changed: known })] : []),
    knownSession(stateKeys.groupSessions, session),
  ];
}

/** The register of a member's role; without a role the member is in a list that does not contain it. */
function member(
  { pk, meta }: { readonly pk: string; readonly meta: Meta },
  { person, role }: Participant,
): readonly Register[] {
  if (!person) {
    return [];
  }
  const key = { pk, sk: stateKey('member', person.id) };
  return [latest(key, meta, { person: stored(person), at: happenedAt(meta), role })];
}

/** A change of members. */
interface MemberChange {
  readonly pk: string;
  readonly meta: Meta;
  readonly action: Change['data']['action'];
  readonly by: Change['data']['by'];
}

/** The registers of a change: the last join or leave, since a promotion is neither, and the history. */
function moved(
  { pk, meta, action, by }: MemberChange,
  { person }: Participant,
): readonly Register[] {
  if (!person || !action) {
    return [];
  }
  const key = (name: string) => ({ pk, sk: stateKey(name, person.id) });
  const who = { person: stored(person), at: happenedAt(meta) };
  return [
    ...(action === 'join' ? [latest(key('joined'), meta, who)] : []),
    ...(action === 'leave' ? [latest(key('left'), meta, who)] : []),
    history({ pk }, meta, { action, person, by }),
  ];
}

/** Characters of an ISO-8601 time down to the second. */
const toSecond = 19;

/**
 * One entry of a group's history. Event types overlap: `group.v2.leave`, `group.v2.participants` and
 * `group.leave` may report the same change, with different event ids, in seconds or milliseconds.
 */
function history(
  { pk }: { readonly pk: string },
  meta: Meta,
  { action, person, by, changed }: Step,
): Register {
  const at = happenedAt(meta);
  const step = [at.slice(0, toSecond), action, person?.id ?? '', ...(changed ?? [])];
  const sk = stateKey('history', ...step);
  return earliest({ pk, sk }, meta, {
    ...{ action, at, person: stored(person), by: stored(by), changed },
  });
}

interface Step {
  readonly action: string;
  readonly person?: Participant['person'];
  readonly by: Change['data']['by'];
  /** Names of the fields that changed. */
  readonly changed?: readonly string[];
}

function requested({
  meta,
  data,
}: EventOf<'group.v2.participants.join-request'>): readonly Register[] {
  const { chat, action, requester, method } = data;
  if (!chat || !requester) {
    return [];
  }
  const session = meta.session ?? unnamedSession;
  const key = { pk: stateKeys.group(session, chat.id), sk: stateKey('request', requester.id) };
  return [
    latest(key, meta, {
      ...{ person: stored(requester), action, method: bounded(method), at: happenedAt(meta) },
    }),
    knownSession(stateKeys.groupSessions, session),
  ];
}
