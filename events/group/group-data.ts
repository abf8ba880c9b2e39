import * as v from 'valibot';
import { addressData } from '../address.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';

const roles = ['participant', 'admin', 'superadmin', 'left'] as const;

/** How a member joined. */
export const joinMethods = ['added', 'invite-link', 'community', 'approved'] as const;

const participants = lazySchema(() =>
  v.array(
    v.object({
      person: v.optional(addressData()),
      role: v.optional(v.picklist(roles)),
    }),
  ),
);

/** A change of a group or its members, the same for all event types that report one. */
export const groupChangeData = lazySchema(() =>
  v.object({
    chat: v.optional(addressData()),
    action: v.optional(v.picklist(['join', 'leave', 'promote', 'demote', 'renumbered', 'update'])),
    self: v.optional(v.boolean()),
    participants: v.optional(participants()),
    method: v.optional(v.picklist(joinMethods)),
    by: v.optional(addressData()),
    changedAt: v.optional(instant),
    group: v.optional(
      v.object({
        subject: v.optional(v.string()),
        description: v.optional(v.string()),
        inviteLink: v.optional(v.string()),
        membersCanAddMembers: v.optional(v.boolean()),
        membersCanSend: v.optional(v.boolean()),
        membersCanEditInfo: v.optional(v.boolean()),
        approvalRequired: v.optional(v.boolean()),
        expiresAfterSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
        community: v.optional(addressData()),
        members: v.optional(participants()),
      }),
    ),
  }),
);

/** See {@link groupChangeData}. */
export type GroupChange = OutputOf<typeof groupChangeData>;

/** A participant of a change. */
export type Participant = NonNullable<GroupChange['participants']>[number];

/** The roles that WAHA knows. */
export function readRole(word: string | null | undefined): Participant['role'] {
  return roles.find((role) => role === word);
}
