import * as v from 'valibot';
import { readAddress } from './address.ts';
import { lazySchema, type OutputOf } from './lazy-schema.ts';
import { own, present } from './own.ts';

/** Maximum length of a message id, longer than those of all engines. A longer text is not an id. */
const maxIdLength = 512;

/** A message id in its parts. */
export const messageIdData = lazySchema(() =>
  v.object({
    id: v.string(),
    fromMe: v.optional(v.boolean()),
    chat: v.optional(v.string()),
    participant: v.optional(v.string()),
    serialized: v.optional(v.string()),
  }),
);

/** See {@link messageIdData}. */
export type MessageId = OutputOf<typeof messageIdData>;

/** `{fromMe}_{chat}_{id}[_{participant}]`. An id that the caller of a send request has chosen may contain `_`. */
const prefixPattern = /^(true|false)_/;

/** The end of an id of a note to oneself, as whatsapp-web.js may write it. The id is one of WhatsApp's own. */
const noteToSelf = /^([0-9A-F]+)_(?:out|in)$/;

/** Reads a message id: the text of WAHA, a bare id, or the key object of WPP and whatsapp-web.js. */
export function readMessageId(value: unknown): MessageId | undefined {
  if (typeof value === 'string') {
    return parseMessageId(value);
  }
  const serialized = own(value, '_serialized');
  if (typeof serialized === 'string') {
    return parseMessageId(serialized);
  }
  const id = bareId(own(value, 'id'));
  if (id === undefined) {
    return undefined;
  }
  const fromMe = own(value, 'fromMe');
  return present({
    id,
    fromMe: typeof fromMe === 'boolean' ? fromMe : undefined,
    chat: readAddress(own(value, 'remoteJid') ?? own(value, 'remote'))?.id,
    participant: readAddress(own(value, 'participant'))?.id,
  });
}

function parseMessageId(text: string): MessageId | undefined {
  if (text.length > maxIdLength) {
    return undefined;
  }
  const prefix = prefixPattern.exec(text);
  const rest = prefix ? text.slice(prefix[0].length) : text;
  const chatEnd = rest.indexOf('_', rest.indexOf('@'));
  if (!rest.includes('@') || chatEnd < 0) {
    const id = bareId(rest);
    return id === undefined ? undefined : { id };
  }
  const tail = rest.slice(chatEnd + 1);
  const last = tail.lastIndexOf('_');
  const participant = last > 0 && tail.includes('@', last) ? tail.slice(last + 1) : undefined;
  const named = participant === undefined ? tail : tail.slice(0, last);
  const id = bareId(noteToSelf.exec(named)?.[1] ?? named);
  if (id === undefined) {
    return undefined;
  }
  return present({
    id,
    fromMe: prefix ? prefix[1] === 'true' : undefined,
    chat: readAddress(rest.slice(0, chatEnd))?.id,
    participant: readAddress(participant)?.id,
    serialized: text,
  });
}

/**
 * Reads a bare id. Ids in published examples end in `...`; they are not ids, since two of them would be the
 * same message.
 */
function bareId(value: unknown): string | undefined {
  return typeof value === 'string' &&
    value !== '' &&
    !value.endsWith('...') &&
    value.length <= maxIdLength
    ? value
    : undefined;
}
