import * as v from 'valibot';
import { addressData } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';

const ROLES = ['participant', 'admin', 'superadmin', 'left'] as const;

const participants = lazySchema(() =>
  v.array(
    v.object({
      person: field(addressData(), 'The person.'),
      role: field(v.picklist(ROLES), 'Role after the change; `left` is no member any more.', {
        absent: 'where neither the payload nor the change tells it',
      }),
    }),
  ),
);

/** What happened to a group or to its members, the same for all kinds that tell of it. */
export const groupChangeData = lazySchema(() =>
  v.object({
    chat: field(addressData(), 'The group.', { source: '`group.id` or `chatId`' }),
    action: field(v.picklist(['join', 'leave', 'promote', 'demote', 'update']), 'What happened.', {
      absent: 'where the sender does not say it, as NOWEB for rare changes',
    }),
    self: field(v.boolean(), 'Whether this account is one of those whom it happened to.', {
      absent: 'where the payload does not allow to tell, and for `update`',
    }),
    participants: field(
      participants(),
      'Whom it happened to: who joined, left, was promoted or demoted.',
      {
        absent: 'for `update`',
      },
    ),
    by: field(addressData(), 'Who did it.', {
      absent: 'where the engine does not say it',
      source: '`_data.author`, `_data.Sender`',
    }),
    changedAt: field(instant, 'When it happened.', {
      unit: 'ISO-8601 UTC',
      source: '`timestamp`: milliseconds on NOWEB and GOWS, seconds on WEBJS and WPP',
    }),
    group: field(
      v.object({
        subject: field(v.string(), 'Name of the group.'),
        description: field(v.string(), 'Description of the group.'),
        inviteLink: field(v.string(), 'Link with which anybody can join.', {
          source: '`group.invite`, on WEBJS only its code',
        }),
        membersCanAddMembers: field(
          v.boolean(),
          'Whether members who are no admins may add others.',
          {
            absent: 'on WPP, which puts another setting there',
            source: '`membersCanAddNewMember`',
          },
        ),
        membersCanSend: field(v.boolean(), 'Whether members who are no admins may write.', {
          absent: 'where the engine is not known, because engines mean opposite things by it',
          source:
            '`membersCanSendMessages`, which is true for “only admins” on WEBJS, NOWEB and, in `group.v2.join`, GOWS',
        }),
        approvalRequired: field(v.boolean(), 'Whether an admin must let new members in.', {
          source: '`newMembersApprovalRequired`',
        }),
        members: field(participants(), 'All members, with their roles.', {
          absent: 'except when this account joins',
        }),
      }),
      'What the payload tells of the group; for `update` at least what has changed.',
      { absent: 'where it tells nothing but the id' },
    ),
  }),
);

/** See {@link groupChangeData}. */
export type GroupChange = OutputOf<typeof groupChangeData>;

/** Somebody's part in a change. */
export type Participant = NonNullable<GroupChange['participants']>[number];

/** The roles that WAHA knows. */
export function readRole(word: string | null | undefined): Participant['role'] {
  return ROLES.find((role) => role === word);
}
