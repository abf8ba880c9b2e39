import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { present } from '../present.ts';
import { opaque, wireAddress, wireText, wireTime } from '../wire-value.ts';

/** WAHA's `GroupV2ParticipantsJoinRequestEvent`. */
export const wireJoinRequest = lazySchema(() =>
  v.object({
    timestamp: wireTime,
    group: v.nullish(v.object({ id: wireAddress })),
    action: wireText,
    requesterId: wireAddress,
    requesterPn: wireAddress,
    requestMethod: wireText,
    _data: opaque,
  }),
);

const actions = ['created', 'rejected', 'revoked'] as const;

/** What became of somebody's wish to join a group. */
export const joinRequestData = lazySchema(() =>
  v.object({
    chat: v.optional(addressData()),
    action: v.optional(v.picklist(actions)),
    requester: v.optional(addressData()),
    method: v.optional(v.string()),
    changedAt: v.optional(instant),
  }),
);

/** Reads a request to join. */
export function readJoinRequest(
  wire: OutputOf<typeof wireJoinRequest>,
): OutputOf<typeof joinRequestData> {
  return present({
    chat: readAddress(wire.group?.id),
    action: actions.find((action) => action === wire.action),
    requester: readAddress(wire.requesterId, wire.requesterPn),
    method: wire.requestMethod || undefined,
    changedAt: toInstant(wire.timestamp),
  });
}
