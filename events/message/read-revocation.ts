import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { own } from '../own.ts';
import { present } from '../present.ts';
import { opaque, wireAddress, wireMessageId, wireText } from '../wire-value.ts';
import { readTargetId } from './engines/read-engine.ts';
import { type Message, messageData, partiesData } from './message-data.ts';
import { readParties } from './parties.ts';
import { readMessage } from './read-message.ts';
import { wireMessage } from './wire-message.ts';

/** WAHA reports a revocation with messages, WPP with their keys; Wawp documents `id` and `revokedBy`. */
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
    revokedMessageId: v.optional(v.string()),
    messageId: v.optional(messageIdData()),
    chat: partiesData().chat,
    direction: partiesData().direction,
    revokedBy: v.optional(addressData()),
    revokedAt: v.optional(instant),
    previous: v.optional(messageData()),
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
    previous: readPrevious(wire, context, revokedMessageId),
  });
}

/** The message as it was, under its own id: before WAHA 2025.6.3 WEBJS gives it the deletion's. */
function readPrevious(
  wire: WireRevocation,
  context: WireContext,
  revokedMessageId: string | undefined,
): Message | undefined {
  if (!wire.before || wire.before.remoteJid) {
    return undefined;
  }
  const previous = readMessage(wire.before, context);
  const { messageId } = previous;
  if (!messageId || revokedMessageId === undefined || messageId.id === revokedMessageId) {
    return previous;
  }
  return {
    ...previous,
    messageId: present({ ...messageId, id: revokedMessageId, serialized: undefined }),
  };
}

/** What names the deleted message outright wins over `before.id`, which may be the deletion's. */
function readRevokedId(wire: WireRevocation, context: WireContext): string | undefined {
  const raw = wire.after?._data ?? wire._data;
  return (
    readMessageId(wire.revokedMessageId)?.id ??
    readMessageId(own(raw, 'protocolMessageKey'))?.id ??
    readTargetId(raw) ??
    readMessageId(wire.before?.id)?.id ??
    (context.engine === 'WEBJS' ? readMessageId(wire.after?.id)?.id : undefined)
  );
}
