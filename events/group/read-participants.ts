import { type Address, readAddress } from '../address.ts';
import { includesMe } from '../me.ts';
import { present } from '../own.ts';
import { type GroupChange, type Participant, readRole } from './group-data.ts';
import type { WireParticipant } from './wire-group.ts';

/** Reads members as they are, without a change. */
export function readMembers(
  wire: readonly WireParticipant[] | undefined,
): Participant[] | undefined {
  return wire?.length ? wire.map((member) => readParticipant(member, undefined)) : undefined;
}

/**
 * Reads the people whom a change is about. The action determines the role: NOWEB reports a demoted member as
 * admin, and Wawp reports no roles.
 */
export function readChanged(
  wire: readonly WireParticipant[] | undefined,
  action: GroupChange['action'],
): Participant[] | undefined {
  return wire?.map((participant) => readParticipant(participant, action));
}

function readParticipant(wire: WireParticipant, action: GroupChange['action']): Participant {
  if (typeof wire === 'string') {
    return present({ person: readAddress(wire), role: roleAfter(action, undefined) });
  }
  return present({
    person: readAddress(wire.id, wire.pn, wire.phoneNumber, wire.lid),
    role: roleAfter(action, readRole(wire.role ?? wire.admin)),
  });
}

function roleAfter(
  action: GroupChange['action'],
  printed: Participant['role'],
): Participant['role'] {
  switch (action) {
    case 'leave':
      return 'left';
    case 'demote':
      return 'participant';
    case 'promote':
      return printed === 'superadmin' ? printed : 'admin';
    case 'join':
      return printed === 'admin' || printed === 'superadmin' ? printed : 'participant';
    default:
      return printed;
  }
}

/** Whether this account is among the participants; undefined where that is unknown. */
export function isAmong(
  participants: readonly Participant[] | undefined,
  me: Address | undefined,
): boolean | undefined {
  return (
    participants &&
    includesMe(
      participants.map(({ person }) => person),
      me,
    )
  );
}
