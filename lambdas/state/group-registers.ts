import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import { stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  bounded,
  earliest,
  knownSession,
  latest,
  type Register,
  type RegistersOf,
  stored,
} from './register.ts';

/** What the consumer `groups` writes: each group with its settings, its members and their history. */
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

/** What may be set of a group; each is a register of its own, since events have only what changed. */
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
  const { chat, action, self, participants = [], by, group } = data;
  if (!chat) {
    return [];
  }
  const at = meta.occurredAt;
  const session = meta.session ?? unnamedSession;
  const pk = stateKeys.group(session, chat.id);
  const known = fields.filter((field) => group?.[field] !== undefined);
  const isMove = action === 'join' || action === 'leave';
  return [
    ...known.map((field) =>
      latest({ pk, sk: stateKey('info', field) }, meta, {
        ...{ field, value: bounded(group?.[field]), at },
      }),
    ),
    // Before the full list: the change itself has the role of the participants that it is about.
    ...participants.flatMap((one) => member({ pk, meta, action, by }, one)),
    ...(group?.members ?? []).flatMap((one) => member({ pk, meta }, one)),
    ...(self === true && isMove
      ? [latest({ pk, sk: 'self' }, meta, { member: action === 'join', at })]
      : []),
    ...(action === 'update' ? [history({ pk }, meta, { action, by, changed: known })] : []),
    knownSession(stateKeys.groupSessions, session),
  ];
}

/** What happened to a member; without `action`, a list in which the member stands. */
interface MemberChange {
  readonly pk: string;
  readonly meta: Meta;
  readonly action?: Change['data']['action'];
  readonly by?: Change['data']['by'];
}

/** Role, and apart from it when somebody came and went last: a promotion is no arrival. */
function member(
  { pk, meta, action, by }: MemberChange,
  { person, role }: Participant,
): readonly Register[] {
  if (!person) {
    return [];
  }
  const at = meta.occurredAt;
  const who = { person: stored(person), at };
  const fact = (name: string, data: Register['data']) =>
    latest({ pk, sk: stateKey(name, person.id) }, meta, data);
  return [
    fact('member', { ...who, role }),
    ...(action === 'join' ? [fact('joined', who)] : []),
    ...(action === 'leave' ? [fact('left', who)] : []),
    ...(action ? [history({ pk }, meta, { action, person, by })] : []),
  ];
}

/** Digits of a time down to the second. */
const toSecond = 19;

/**
 * One line of history. Kinds overlap: `group.v2.leave`, `group.v2.participants` and `group.leave` may
 * report the same step, with other event ids and in seconds or milliseconds.
 */
function history(
  { pk }: { readonly pk: string },
  meta: Meta,
  { action, person, by, changed }: Step,
): Register {
  const at = meta.occurredAt;
  const sk = stateKey('history', at.slice(0, toSecond), action, person?.id ?? '');
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
      ...{ person: stored(requester), action, method: bounded(method), at: meta.occurredAt },
    }),
    knownSession(stateKeys.groupSessions, session),
  ];
}
