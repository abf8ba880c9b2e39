import * as v from 'valibot';
import { type Address, addressData, isSame, readAddress } from '../address.ts';
import type { WireContext } from '../event-type.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { includesMe } from '../me.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { own, ownText, present } from '../own.ts';
import { opaque, wireAddress, wireMessageId, wireText } from '../wire-value.ts';
import { readEngine, readTargetId } from './engines/read-engine.ts';
import { fromOurSide } from './from-our-side.ts';
import { type Message, messageData, partiesData } from './message-data.ts';
import { type Parties, readParties } from './parties.ts';
import { readMentions, readMessage, readSource } from './read-message.ts';
import { wireMessage, wireMessageFields, wireMessageHead } from './wire-message.ts';

/** WAHA sends the message as edited; Wawp documents `newBody` and `prevBody`. */
export const wireEdit = lazySchema(() =>
  v.object({
    ...wireMessageFields,
    editedMessageId: wireText,
    newBody: wireText,
    prevBody: wireText,
  }),
);

/** A message whose text was changed. */
export const editData = lazySchema(() =>
  v.object({
    editedMessageId: v.optional(v.string()),
    messageId: v.optional(messageIdData()),
    ...partiesData(),
    body: v.optional(v.string()),
    unavailable: v.optional(v.literal('undecryptable-edit')),
    target: v.optional(v.string()),
    mentions: v.optional(v.array(addressData())),
    mentionsMe: v.optional(v.boolean()),
    previousBody: v.optional(v.string()),
    editedAt: v.optional(instant),
    source: v.optional(v.picklist(['api', 'app'])),
  }),
);

type WireEdit = OutputOf<typeof wireEdit>;

/** Engines built on WhatsApp Web. They report the changed message, not the change. */
const browser: ReadonlySet<string | undefined> = new Set(['WEBJS', 'WPP']);

/** Reads an edit. */
export function readEdit(wire: WireEdit, context: WireContext): OutputOf<typeof editData> {
  const parties = readParties(wire, context);
  const editedMessageId =
    readMessageId(wire.editedMessageId)?.id ?? readTargetId(wire._data) ?? parties.messageId?.id;
  const raw = changedMessage(wire._data);
  const engine = readEngine(raw, context.engine, wire.hasMedia === true);
  const isUnreadable = engine.unavailable === 'undecryptable-edit' && !wire.newBody && !wire.body;
  const isOwn = parties.messageId !== undefined && parties.messageId.id !== editedMessageId;
  return present({
    ...parties,
    messageId: isOwn ? parties.messageId : undefined,
    editedMessageId,
    body: isUnreadable ? undefined : (wire.newBody ?? wire.body ?? engine.body),
    unavailable: isUnreadable ? ('undecryptable-edit' as const) : undefined,
    target: isUnreadable ? editedMessageId : undefined,
    ...readMentions(engine.mentions, context.me),
    previousBody: wire.prevBody ?? ownText(wire._data, 'prevBody'),
    editedAt:
      toInstant(own(raw, 'latestEditSenderTimestampMs')) ??
      (isOwn && !browser.has(context.engine) ? toInstant(wire.timestamp) : undefined),
    source: readSource(wire.source),
  });
}

/**
 * The engine's object of a changed message. WEBJS passes on `{message, newBody, prevBody}`, WPP `{chat, id, msg}`
 * or a list of the three.
 */
const changedMessage = (raw: unknown): unknown =>
  own(raw, 'message', '_data') ?? own(raw, 'msg') ?? own(raw, '2') ?? raw;

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
  // WEBJS and WPP name the author of the deleted message, not the admin who deleted it.
  const isByAdmin = own(wire.after, '_data', 'subtype') === 'admin';
  const deleter = readAddress(wire.revokedBy);
  const namesDeleter = isOwn || parties.chat?.kind === 'user';
  return present({
    revokedMessageId,
    messageId: isOwn ? after.messageId : undefined,
    chat: parties.chat,
    direction: deleter
      ? directionOf(deleter, parties, context)
      : isByAdmin
        ? undefined
        : parties.direction,
    revokedBy: deleter ?? (namesDeleter ? parties.author : undefined),
    revokedAt: isOwn ? toInstant(wire.after?.timestamp) : undefined,
    previous: readPrevious(wire, context, revokedMessageId),
  });
}

/** The direction of a deletion whose author is named. The id has the direction of the deleted message. */
function directionOf(
  deleter: Address,
  { author, chat, direction }: Parties,
  { me }: WireContext,
): Parties['direction'] {
  if (isSame(deleter, author)) {
    return direction;
  }
  if (isSame(deleter, chat)) {
    return 'inbound';
  }
  const isOurs = includesMe([deleter], me ?? (direction === 'outbound' ? author : undefined));
  return isOurs === undefined ? undefined : isOurs ? 'outbound' : 'inbound';
}

/** Reads the revoked message with its own id. Before WAHA 2025.6.3, WEBJS gives it the id of the revocation. */
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

/**
 * Reads the id of the revoked message. Fields that contain it explicitly take precedence over `before.id`,
 * which may be the id of the revocation.
 */
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

/** WAHA nests the emoji and the message; Wawp documents them on one level, with `senderId`. */
export const wireReaction = lazySchema(() =>
  v.object({
    ...wireMessageHead,
    reaction: v.nullish(
      v.union([v.string(), v.object({ text: wireText, messageId: wireMessageId })]),
    ),
    messageId: wireMessageId,
    senderId: wireAddress,
  }),
);

/** A reaction to a message. */
export const reactionData = lazySchema(() =>
  v.object({
    messageId: v.optional(messageIdData()),
    ...partiesData(),
    target: v.optional(messageIdData()),
    emoji: v.optional(v.string()),
    removed: v.optional(v.boolean()),
    reactedAt: v.optional(instant),
    source: v.optional(v.picklist(['api', 'app'])),
  }),
);

/** Reads a reaction. */
export function readReaction(
  wire: OutputOf<typeof wireReaction>,
  context: WireContext,
): OutputOf<typeof reactionData> {
  const nested = typeof wire.reaction === 'object' ? wire.reaction : undefined;
  const text = typeof wire.reaction === 'string' ? wire.reaction : nested?.text;
  const parties = readParties(wire, context);
  return present({
    ...parties,
    author: parties.author ?? readAddress(wire.senderId),
    target: fromOurSide(readMessageId(nested?.messageId ?? wire.messageId), parties, context),
    emoji: text || undefined,
    removed: typeof text === 'string' ? text === '' : undefined,
    reactedAt: toInstant(wire.timestamp),
    source: readSource(wire.source),
  });
}
