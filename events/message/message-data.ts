import * as v from 'valibot';
import { ackData } from '../ack.ts';
import { addressData } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData } from '../message-id.ts';
import { locationData } from './location.ts';
import { mediaData } from './media.ts';

/** Who did it and where, the same on all engines. */
export const partiesData = () => ({
  chat: field(
    addressData(),
    'The chat: the other person in a direct chat, else the group, channel or status feed.',
  ),
  author: field(
    addressData(),
    'The person who wrote it. This account itself where `direction` is `outbound`.',
    {
      absent: 'in channels, and where the payload does not name the person',
    },
  ),
  direction: field(
    v.picklist(['inbound', 'outbound']),
    '`outbound` is what this account wrote, on whichever of its devices.',
    { source: '`fromMe`, else the message id' },
  ),
});

/** The fields of a message. */
export const messageDataFields = () => ({
  messageId: field(messageIdData(), 'The message’s id in its parts.', { source: '`id`' }),
  ...partiesData(),
  sentAt: field(instant, 'When the author sent it, to the second.', {
    unit: 'ISO-8601 UTC',
    source: '`timestamp`',
  }),
  authorName: field(
    v.string(),
    'Name that the author chose for themselves. Anyone may choose any name.',
    {
      source: '`_data.pushName`, `_data.Info.PushName` or `_data.notifyName`',
    },
  ),
  source: field(
    v.picklist(['api', 'app']),
    '`api`: sent through the sender’s API, so that it is an echo of one’s own call. Inbound messages are always `app`.',
  ),
  body: field(v.string(), 'Text of the message, or caption of its file.', {
    absent: 'where there is no text; thumbnails that WEBJS puts here are left out',
  }),
  hasMedia: field(
    v.boolean(),
    'Whether the message has a file. True without `media`: the sender did not download it.',
  ),
  media: field(mediaData(), 'The file of the message.', {
    absent: 'without a file, or when it was not downloaded',
  }),
  location: field(locationData(), 'The place that the message shares.'),
  vcards: field(v.array(v.string()), 'The contact cards of the message.', { unit: 'vCard text' }),
  replyTo: field(
    v.object({
      messageId: field(v.string(), 'Bare id of the message that this one answers.'),
      author: field(addressData(), 'Who wrote the answered message.'),
      body: field(v.string(), 'Text of the answered message.'),
      hasMedia: field(v.boolean(), 'Whether the answered message has a file.'),
      media: field(mediaData(), 'The file of the answered message.'),
    }),
    'The message that this one answers.',
    { absent: 'where it answers none' },
  ),
  ack: field(ackData(), 'How far the message had come when the webhook was made.', {
    absent: 'where the payload has no acknowledgement at all',
  }),
});

/** A message. */
export const messageData = lazySchema(() => v.object(messageDataFields()));

/** See {@link messageData}. */
export type Message = OutputOf<typeof messageData>;
