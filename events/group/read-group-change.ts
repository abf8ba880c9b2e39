import { type Address, isSame, readAddress } from '../address.ts';
import type { WireContext } from '../event-type.ts';
import { toInstant } from '../instant.ts';
import { readCount } from '../message/engines/raw-value.ts';
import { own, ownText, present, presentOrNone } from '../own.ts';
import { isTrueIn } from '../version-facts.ts';
import { itemsOf } from '../wire-value.ts';
import type { GroupChange } from './group-data.ts';
import { isAmong, readChanged, readMembers } from './read-participants.ts';
import type { WireGroupChange } from './wire-group.ts';

/** Names of actions: WAHA's, and those of Baileys and WPP, which Wawp may pass on. */
const actions: ReadonlyMap<string | null | undefined, GroupChange['action']> = new Map([
  ['join', 'join'],
  ['add', 'join'],
  ['invite', 'join'],
  ['linked_group_join', 'join'],
  ['leave', 'leave'],
  ['remove', 'leave'],
  ['leaver', 'leave'],
  ['promote', 'promote'],
  ['demote', 'demote'],
  ['modify', 'renumbered'],
]);

/** Reads the action from the payload. */
export function readAction(word: string | null | undefined): GroupChange['action'] {
  return actions.get(word);
}

/** Reads a change of members. The payload contains the action. */
export function readMemberChange(wire: WireGroupChange, context: WireContext): GroupChange {
  return readChange(
    wire,
    context,
    readAction(wire.type ?? wire.action ?? ownText(wire._data, 'action')),
  );
}

/**
 * Reads a join or leave. WAHA sends these events for this account only, with `group`; in the form that Wawp
 * documents, with `chatId`, they may be about any member.
 */
export function readMembership(action: 'join' | 'leave') {
  return (wire: WireGroupChange, context: WireContext): GroupChange => {
    const change = readChange(wire, context, action);
    if (!wire.group || wire.participants) {
      return change;
    }
    const { me } = context;
    const listed = change.group?.members?.find(({ person }) => isSame(person, me));
    return present({
      ...change,
      self: true,
      participants: me
        ? readChanged([{ id: me.id, role: listed?.role }], action)?.map((one) => ({
            ...one,
            person: me,
          }))
        : undefined,
    });
  };
}

/** Reads a change of the group's settings. */
export function readUpdate(wire: WireGroupChange, context: WireContext): GroupChange {
  return readChange({ ...wire, participants: undefined }, context, 'update');
}

function readChange(
  wire: WireGroupChange,
  context: WireContext,
  action: GroupChange['action'],
): GroupChange {
  const participants = readChanged(itemsOf(wire.participants), action);
  return present({
    chat: readAddress(wire.group?.id ?? wire.chatId),
    action,
    self: isAmong(participants, context.me),
    participants,
    method: action === 'join' ? readJoinMethod(wire._data) : undefined,
    by: readActor(wire._data),
    changedAt: toInstant(wire.timestamp),
    group: readGroup(wire, context, action),
  });
}

/** Reads who made the change: `author` of Baileys and whatsapp-web.js, `Sender` of whatsmeow. */
function readActor(raw: unknown): Address | undefined {
  return readAddress(
    own(raw, 'author') ?? own(raw, 'Sender'),
    own(raw, 'authorPn'),
    own(raw, 'SenderPN'),
  );
}

/** Words of whatsapp-web.js' notifications, and of whatsmeow's `JoinReason`. */
const joinWords: ReadonlyMap<string | undefined, GroupChange['method']> = new Map([
  ['add', 'added'],
  ['invite', 'invite-link'],
  ['linked_group_join', 'community'],
  ['membership_approval', 'approved'],
]);

function readJoinMethod(raw: unknown): GroupChange['method'] {
  return joinWords.get(ownText(raw, 'JoinReason') ?? ownText(raw, 'type'));
}

function readGroup(
  wire: WireGroupChange,
  { engine, version }: WireContext,
  action: GroupChange['action'],
): GroupChange['group'] {
  const group = wire.group;
  return presentOrNone({
    subject: group?.subject || wire.subject || undefined,
    description: group?.description ?? wire.description ?? undefined,
    inviteLink: readInvite(group?.invite),
    membersCanAddMembers: isTrueIn('membersCanAddMembers', engine, version)
      ? (group?.membersCanAddNewMember ?? undefined)
      : undefined,
    membersCanSend: readCanSend(group?.membersCanSendMessages, engine, action),
    membersCanEditInfo: readCanEdit(wire._data),
    approvalRequired: group?.newMembersApprovalRequired ?? undefined,
    expiresAfterSeconds: readExpiry(wire._data),
    community: readCommunity(wire._data),
    members: readMembers(itemsOf(group?.participants)),
  });
}

/**
 * Whether members may change the group's name and picture: whatsmeow's `Locked` in updates and
 * `IsLocked` in joins, Baileys' `restrict`, and whatsapp-web.js' notification of that name.
 */
function readCanEdit(raw: unknown): boolean | undefined {
  const locked = own(raw, 'Locked', 'IsLocked') ?? own(raw, 'IsLocked') ?? own(raw, 'restrict');
  if (typeof locked === 'boolean') {
    return !locked;
  }
  if (own(raw, 'type') !== 'restrict') {
    return undefined;
  }
  const word = own(raw, 'body');
  return word === 'on' ? false : word === 'off' ? true : undefined;
}

/** Reads the time after which messages disappear, in seconds; 0: they do not. */
function readExpiry(raw: unknown): number | undefined {
  const ephemeral = own(raw, 'Ephemeral') ?? raw;
  if (own(ephemeral, 'IsEphemeral') === false) {
    return 0;
  }
  return readCount(own(ephemeral, 'DisappearingTimer') ?? own(raw, 'ephemeralDuration'));
}

/** The community that the group belongs to, or has just been linked to. */
function readCommunity(raw: unknown): Address | undefined {
  const link = own(raw, 'Link');
  const community = readAddress(
    own(raw, 'LinkedParentJID') ||
      own(raw, 'linkedParent') ||
      (own(link, 'Type') === 'parent_group' ? own(link, 'Group', 'JID') : undefined),
  );
  return community?.kind === 'group' ? community : undefined;
}

const inviteCode = /^[A-Za-z0-9_-]{10,64}$/;

function readInvite(invite: string | null | undefined): string | undefined {
  if (!invite) {
    return undefined;
  }
  return inviteCode.test(invite) ? `https://chat.whatsapp.com/${invite}` : invite;
}

/**
 * Reads whether members may write. WAHA fills `membersCanSendMessages` from WhatsApp's `announce`, which is
 * true if only admins may write. WPP inverts the value, and GOWS does so in updates but not in joins (WAHA,
 * `groups.*.ts`).
 */
function readCanSend(
  flag: boolean | null | undefined,
  engine: string | undefined,
  action: GroupChange['action'],
): boolean | undefined {
  if (flag === null || flag === undefined) {
    return undefined;
  }
  switch (engine) {
    case 'WEBJS':
    case 'NOWEB':
      return !flag;
    case 'GOWS':
      return action === 'update' ? flag : !flag;
    case 'WPP':
      return flag;
    default:
      return undefined;
  }
}
