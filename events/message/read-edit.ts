import * as v from 'valibot';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { own, ownText } from '../own.ts';
import { present } from '../present.ts';
import { wireText } from '../wire-value.ts';
import { partiesData } from './message-data.ts';
import { readParties } from './parties.ts';
import { readSource } from './read-message.ts';
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
    editedMessageId: field(v.string(), 'Bare id of the message that was changed.', {
      source: '`editedMessageId`, else the engine’s protocol message, else `id`',
    }),
    messageId: field(messageIdData(), 'Id of the change, which is a message of its own.', {
      absent: 'where the sender gives the changed message’s id in its place, as WEBJS does',
      source: '`id`',
    }),
    ...partiesData(),
    body: field(v.string(), 'The new text; it may be empty.', { source: '`body` or `newBody`' }),
    previousBody: field(v.string(), 'The text before.', {
      absent: 'except on WEBJS and in Wawp’s documented shape',
      source: '`_data.prevBody` or `prevBody`',
    }),
    editedAt: field(instant, 'When it was changed.', {
      unit: 'ISO-8601 UTC',
      absent: 'where the payload holds only the time of the changed message',
      source: '`timestamp` on NOWEB and GOWS, `_data.latestEditSenderTimestampMs` on WEBJS and WPP',
    }),
    source: field(v.picklist(['api', 'app']), 'Whether it was sent through the sender’s API.'),
  }),
);

type WireEdit = OutputOf<typeof wireEdit>;

/** Engines built on WhatsApp Web, which show the changed message rather than the change. */
const BROWSER: ReadonlySet<string | undefined> = new Set(['WEBJS', 'WPP']);

/** Reads an edit. */
export function readEdit(wire: WireEdit, context: WireContext): OutputOf<typeof editData> {
  const parties = readParties(wire, context);
  const editedMessageId = readEditedId(wire) ?? parties.messageId?.id;
  const isOwn = parties.messageId !== undefined && parties.messageId.id !== editedMessageId;
  return present({
    ...parties,
    messageId: isOwn ? parties.messageId : undefined,
    editedMessageId,
    body: wire.newBody ?? wire.body ?? undefined,
    previousBody: wire.prevBody ?? ownText(wire._data, 'prevBody'),
    editedAt:
      readBrowserTime(wire._data) ??
      (isOwn && !BROWSER.has(context.engine) ? toInstant(wire.timestamp) : undefined),
    source: readSource(wire.source),
  });
}

function readEditedId(wire: WireEdit): string | undefined {
  const raw = wire._data;
  return (
    readMessageId(wire.editedMessageId)?.id ??
    ownText(raw, 'message', 'protocolMessage', 'key', 'id') ??
    ownText(raw, 'message', 'editedMessage', 'message', 'protocolMessage', 'key', 'id') ??
    ownText(raw, 'message', 'secretEncryptedMessage', 'targetMessageKey', 'id') ??
    ownText(raw, 'Message', 'protocolMessage', 'key', 'ID')
  );
}

/** WPP hands the message on as `{chat, id, msg}` or as the list of the three. */
function readBrowserTime(raw: unknown): string | undefined {
  const message = own(raw, 'msg') ?? own(raw, '2') ?? raw;
  return toInstant(own(message, 'latestEditSenderTimestampMs'));
}
