import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { ownText } from '../own.ts';
import { present } from '../present.ts';
import { opaque, wireAddress, wireMessageId, wireText } from '../wire-value.ts';
import { messageData, partiesData } from './message-data.ts';
import { readParties } from './parties.ts';
import { readMessage } from './read-message.ts';
import { wireMessage } from './wire-message.ts';

/** WAHA tells of a revocation by messages, WPP by their keys; Wawp documents `id` and `revokedBy`. */
export const wireRevocation = lazySchema(() =>
  v.object({
    after: v.nullish(wireMessage()),
    before: v.nullish(wireMessage()),
    revokedMessageId: wireText,
    _data: opaque,
    id: wireMessageId,
    revokedBy: wireAddress,
  }),
);

/** A message that was deleted for everyone. */
export const revocationData = lazySchema(() =>
  v.object({
    revokedMessageId: field(v.string(), 'Bare id of the message that was deleted.', {
      absent: 'only where the payload holds it nowhere',
      source:
        '`revokedMessageId`, else `before.id`, else the engine’s protocol message, else on WEBJS `after.id`',
    }),
    messageId: field(messageIdData(), 'Id of the deletion, which is a message of its own.', {
      absent: 'where the sender gives the deleted message’s id in its place',
      source: '`after.id`',
    }),
    chat: partiesData().chat,
    direction: partiesData().direction,
    revokedBy: field(addressData(), 'Who deleted it: the author, or in groups an admin.', {
      absent: 'where a group’s payload names only the author',
    }),
    revokedAt: field(instant, 'When it was deleted.', {
      unit: 'ISO-8601 UTC',
      absent: 'where the payload holds only the time of the deleted message',
      source: '`after.timestamp`',
    }),
    previous: field(messageData(), 'The message as it was.', {
      absent: 'except on WEBJS, which may still have it',
      source: '`before`',
    }),
  }),
);

type WireRevocation = OutputOf<typeof wireRevocation>;

/** Reads a revocation. */
export function readRevocation(
  wire: WireRevocation,
  context: WireContext,
): OutputOf<typeof revocationData> {
  const after = readParties(wire.after ?? {}, context);
  const documented = readMessageId(wire.id);
  const revokedMessageId = readRevokedId(wire, context) ?? documented?.id;
  const isOwn = after.messageId !== undefined && after.messageId.id !== revokedMessageId;
  const parties = after.chat ? after : readParties(wire.before ?? { id: wire.id }, context);
  const namesDeleter = isOwn || parties.chat?.kind === 'user';
  return present({
    revokedMessageId,
    messageId: isOwn ? after.messageId : undefined,
    chat: parties.chat,
    direction: parties.direction,
    revokedBy: readAddress(wire.revokedBy) ?? (namesDeleter ? parties.author : undefined),
    revokedAt: isOwn ? toInstant(wire.after?.timestamp) : undefined,
    previous: wire.before && !wire.before.remoteJid ? readMessage(wire.before, context) : undefined,
  });
}

function readRevokedId(wire: WireRevocation, context: WireContext): string | undefined {
  const raw = wire.after?._data ?? wire._data;
  return (
    readMessageId(wire.revokedMessageId)?.id ??
    readMessageId(wire.before?.id)?.id ??
    ownText(raw, 'message', 'protocolMessage', 'key', 'id') ??
    ownText(raw, 'Message', 'protocolMessage', 'key', 'ID') ??
    ownText(raw, 'protocolMessageKey', 'id') ??
    (context.engine === 'WEBJS' ? readMessageId(wire.after?.id)?.id : undefined)
  );
}
