import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
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

const ACTIONS = ['created', 'rejected', 'revoked'] as const;

/** What became of somebody's wish to join a group. */
export const joinRequestData = lazySchema(() =>
  v.object({
    chat: field(addressData(), 'The group.', { source: '`group.id`' }),
    action: field(
      v.picklist(ACTIONS),
      '`created`: somebody asks. `rejected`: an admin said no. `revoked`: the person took it back. A request that is granted is told by `group.v2.participants`.',
    ),
    requester: field(addressData(), 'Who wants to join.', {
      source: '`requesterId`, `requesterPn`',
    }),
    method: field(v.string(), 'How the request was made, for example `invite_link`.', {
      source: '`requestMethod`',
    }),
    changedAt: field(instant, 'When it happened.', {
      unit: 'ISO-8601 UTC',
      source: '`timestamp`: milliseconds on NOWEB and GOWS, seconds on WEBJS and WPP',
    }),
  }),
);

/** Reads a request to join. */
export function readJoinRequest(
  wire: OutputOf<typeof wireJoinRequest>,
): OutputOf<typeof joinRequestData> {
  return present({
    chat: readAddress(wire.group?.id),
    action: ACTIONS.find((action) => action === wire.action),
    requester: readAddress(wire.requesterId, wire.requesterPn),
    method: wire.requestMethod || undefined,
    changedAt: toInstant(wire.timestamp),
  });
}
