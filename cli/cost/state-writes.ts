import type { BusType } from '../../events/envelope.ts';

/**
 * Write units of the state table for an event of each kind: one for each item of up to 1 KB, one for a
 * new place in a list, two for a changed one. A kind that is not here writes nothing. A test counts them
 * in the code that writes.
 */
export const stateWrites: Readonly<Partial<Record<BusType, number>>> = {
  'session.status': 5,
  message: 6,
  'message.any': 6,
  'message.waiting': 6,
  'message.reaction': 4,
  'message.ack': 1,
  'message.ack.group': 1,
  'message.revoked': 4,
  'message.edited': 4,
  'group.v2.join': 10,
  'group.v2.leave': 4,
  'group.v2.update': 2,
  'group.v2.participants': 2,
  'group.v2.participants.join-request': 1,
  'group.join': 3,
  'group.leave': 3,
  'poll.vote': 4,
  'poll.vote.failed': 4,
  'call.received': 2,
  'call.accepted': 2,
  'call.rejected': 2,
  'label.upsert': 1,
  'label.deleted': 1,
  'label.chat.added': 3,
  'label.chat.deleted': 2,
};
