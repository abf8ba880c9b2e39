import * as v from 'valibot';
import { wireAck } from '../ack.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import {
  opaque,
  wireAddress,
  wireFlag,
  wireList,
  wireMessageId,
  wireText,
  wireTime,
} from '../wire-value.ts';
import { wireLocation } from './location.ts';
import { wireMedia } from './media.ts';

/** The fields of all payloads that are messages or refer to one: author and time. */
export const wireMessageHead = {
  id: wireMessageId,
  timestamp: wireTime,
  from: wireAddress,
  to: wireAddress,
  participant: wireAddress,
  author: wireAddress,
  fromMe: wireFlag,
  source: wireText,
  /** WPP refers to a message by its key, which has this in place of `from` and `to`. */
  remoteJid: wireAddress,
  _data: opaque,
};

/** The fields of WAHA's `WAMessage`, in every version and engine. */
export const wireMessageFields = {
  ...wireMessageHead,
  ...wireAck,
  body: wireText,
  hasMedia: wireFlag,
  media: wireMedia,
  mediaUrl: wireText,
  location: wireLocation,
  vCards: wireList(wireText),
  replyTo: v.nullish(
    v.object({
      id: wireMessageId,
      participant: wireAddress,
      body: wireText,
      hasMedia: wireFlag,
      media: wireMedia,
      _data: opaque,
    }),
  ),
};

/** WAHA's `WAMessage`. */
export const wireMessage = lazySchema(() => v.object(wireMessageFields));

/** See {@link wireMessage}. */
export type WireMessage = OutputOf<typeof wireMessage>;
