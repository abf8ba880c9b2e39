import * as v from 'valibot';
import { addressData } from '../address.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { own, ownText } from '../own.ts';
import { present } from '../present.ts';
import { wireText } from '../wire-value.ts';
import { readEngine, readTargetId } from './engines/read-engine.ts';
import { partiesData } from './message-data.ts';
import { readParties } from './parties.ts';
import { readMentions, readSource } from './read-message.ts';
import { wireMessageFields } from './wire-message.ts';

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

/** Engines built on WhatsApp Web, which show the changed message rather than the change. */
const browser: ReadonlySet<string | undefined> = new Set(['WEBJS', 'WPP']);

/** Reads an edit. */
export function readEdit(wire: WireEdit, context: WireContext): OutputOf<typeof editData> {
  const parties = readParties(wire, context);
  const editedMessageId =
    readMessageId(wire.editedMessageId)?.id ?? readTargetId(wire._data) ?? parties.messageId?.id;
  const engine = readEngine(wire._data, context.engine, wire.hasMedia === true);
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
      readBrowserTime(wire._data) ??
      (isOwn && !browser.has(context.engine) ? toInstant(wire.timestamp) : undefined),
    source: readSource(wire.source),
  });
}

/** WPP hands the message on as `{chat, id, msg}` or as the list of the three. */
function readBrowserTime(raw: unknown): string | undefined {
  const message = own(raw, 'msg') ?? own(raw, '2') ?? raw;
  return toInstant(own(message, 'latestEditSenderTimestampMs'));
}
