import * as v from 'valibot';
import { ackData } from '../ack.ts';
import { addressData } from '../address.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData } from '../message-id.ts';
import { contentFields, contextFields } from './content-data.ts';
import { contents } from './contents.ts';
import { locationData } from './location.ts';
import { mediaData } from './media.ts';

/** The parties of an event, the same for all engines. */
export const partiesData = () => ({
  chat: v.optional(addressData()),
  author: v.optional(addressData()),
  direction: v.optional(v.picklist(['inbound', 'outbound'])),
});

/** The fields of a message. */
export const messageDataFields = () => ({
  messageId: v.optional(messageIdData()),
  ...partiesData(),
  sentAt: v.optional(instant),
  authorName: v.optional(v.string()),
  source: v.optional(v.picklist(['api', 'app'])),
  ...contentFields(),
  content: v.picklist(contents),
  body: v.optional(v.string()),
  hasMedia: v.optional(v.boolean()),
  media: v.optional(mediaData()),
  location: v.optional(locationData()),
  vcards: v.optional(v.array(v.string())),
  ...contextFields(),
  ack: v.optional(ackData()),
});

/** A message. */
export const messageData = lazySchema(() => v.object(messageDataFields()));

/** See {@link messageData}. */
export type Message = OutputOf<typeof messageData>;
