import type { DataOf } from '../envelope.ts';
import type { FieldDocs } from '../event-type-docs.ts';

type GroupChange = DataOf<'group.v2.participants'>;

const participantFields: FieldDocs<NonNullable<GroupChange['participants']>[number]> = {
  person: { description: 'The person.' },
  role: {
    description: 'Role after the change; `left`: no longer a member.',
    absent: 'if neither the payload nor the change contains it',
  },
};

/** The fields of a change of a group or its members. */
export const groupChangeFields: FieldDocs<GroupChange> = {
  chat: { description: 'The group.', source: '`group.id` or `chatId`' },
  action: {
    description: 'What happened. `renumbered`: a member changed their phone number.',
    absent: 'if the sender does not report it, such as NOWEB for rare changes',
  },
  self: {
    description: 'Whether this account is one of `participants`.',
    absent: 'if the payload does not contain it, and for `update`',
  },
  participants: {
    description: 'The people who joined, left, were promoted or demoted.',
    absent: 'for `update`',
    fields: participantFields,
  },
  method: {
    description: 'How the people joined.',
    absent: 'unless a person joined, and if the engine does not report it',
    source: '`_data.JoinReason` on GOWS, `_data.type` on WEBJS',
  },
  by: {
    description: 'The person who made the change.',
    absent: 'if the engine does not report it',
    source: '`_data.author`, `_data.Sender`',
  },
  changedAt: {
    description: 'When it happened.',
    unit: 'ISO-8601 UTC',
    source: '`timestamp`: milliseconds on NOWEB and GOWS, seconds on WEBJS and WPP',
  },
  group: {
    description:
      'Fields of the group that the payload has; for `update` at least the changed fields.',
    absent: 'if the payload has only the id',
    fields: {
      subject: { description: 'Name of the group.' },
      description: { description: 'Description of the group.' },
      inviteLink: {
        description: 'Invitation link. Anyone who has the link can join.',
        source: '`group.invite`, on WEBJS only its code',
      },
      membersCanAddMembers: {
        description: 'Whether members without the admin role may add others.',
        absent: 'on WEBJS and WPP before WAHA 2026.7.2, which put another setting there',
        source: '`membersCanAddNewMember`',
      },
      membersCanSend: {
        description: 'Whether members without the admin role may write.',
        absent: 'if the engine is unknown, because engines use the field with opposite meanings',
        source:
          '`membersCanSendMessages`, which is true for “only admins” on WEBJS, NOWEB and, in `group.v2.join`, GOWS',
      },
      membersCanEditInfo: {
        description:
          'Whether members without the admin role may change name, picture and description.',
        source: '`_data.Locked` or `_data.IsLocked` on GOWS, `_data.restrict` on NOWEB',
      },
      approvalRequired: {
        description: 'Whether an admin must approve new members.',
        source: '`newMembersApprovalRequired`',
      },
      expiresAfterSeconds: {
        description: 'Time after which messages disappear. 0: messages do not disappear.',
        unit: 'seconds',
        source: '`_data.Ephemeral` on GOWS, `_data.ephemeralDuration` on NOWEB',
      },
      community: { description: 'The community that the group belongs to.' },
      members: {
        description: 'All members, with their roles.',
        absent: 'except when this account joins',
        fields: participantFields,
      },
    },
  },
};
