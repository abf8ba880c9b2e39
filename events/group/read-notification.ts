import { readAddress } from '../address.ts';
import { toInstant } from '../instant.ts';
import type { WireContext } from '../kind.ts';
import { readMessageId } from '../message-id.ts';
import { present, presentOrNone } from '../present.ts';
import { itemsOf } from '../wire-value.ts';
import type { GroupChange } from './group-data.ts';
import { readAction } from './read-group-change.ts';
import { isAmong, readChanged, readMembers } from './read-participants.ts';
import type { WireNotification } from './wire-group.ts';

/** Reads the engine's own notification of a join or leave; of a list of groups the first. */
export function readNotification(fallback: 'join' | 'leave') {
  return (
    wire: WireNotification | readonly WireNotification[],
    context: WireContext,
  ): GroupChange => {
    const notification = Array.isArray(wire) ? wire[0] : wire;
    return readOne((notification ?? {}) as WireNotification, context, fallback);
  };
}

function readOne(
  wire: WireNotification,
  { me }: WireContext,
  fallback: 'join' | 'leave',
): GroupChange {
  const action = readAction(wire.type) ?? fallback;
  const recipients = itemsOf(wire.recipientIds)?.map((recipient) => ({ id: recipient }));
  const participants = recipients
    ? readChanged(
        recipients.map(({ id }) => ({ id })),
        action,
      )
    : undefined;
  return present({
    chat: readAddress(wire.chatId ?? readMessageId(wire.id)?.chat ?? wire.id),
    action,
    self: isAmong(participants, me),
    participants,
    by: readAddress(wire.author),
    changedAt: toInstant(wire.timestamp),
    group: presentOrNone({
      subject: wire.subject || undefined,
      description: wire.desc || undefined,
      members: readMembers(itemsOf(wire.participants)),
    }),
  });
}
