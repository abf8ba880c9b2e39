import type { DataOf } from '../envelope.ts';
import type { FieldDocs } from '../event-type-docs.ts';
import { ackFields } from '../parts.docs.ts';
import { contentFieldDocs, contextFieldDocs } from './content-data.docs.ts';

type Message = DataOf<'message'>;

const mediaFields: FieldDocs<NonNullable<Message['media']>> = {
  available: {
    description:
      'Whether the sender has downloaded the file, and `url` or `s3` is its location. Check this before you download it.',
  },
  url: {
    description:
      'URL of the file on the sender’s server. WAHA requires its `X-Api-Key`, and deletes local files after 180 seconds by default.',
    absent: 'if the file was not downloaded',
  },
  mimetype: { description: 'Media type of the file.' },
  filename: { description: 'Name that the author gave the file.' },
  bytes: { description: 'Size of the file.', unit: 'bytes', source: '`fileLength` or `size`' },
  seconds: {
    description: 'Length of a recording.',
    unit: 'seconds',
    source: '`seconds` or `duration`',
  },
  width: { description: 'Width of a picture or video.', unit: 'pixels' },
  height: { description: 'Height of a picture or video.', unit: 'pixels' },
  pages: { description: 'Pages of a document.', source: '`pageCount`' },
  animated: {
    description: 'True for an animated sticker, and for a video that plays like a GIF.',
    absent: 'otherwise',
    source: '`isAnimated`, `gifPlayback`, `isGif`',
  },
  s3: {
    description: 'Location of the file, if the sender stores media in S3.',
    absent: 'unless the sender stores media in S3',
    fields: {
      bucket: { description: 'Bucket.' },
      key: { description: 'Object key.' },
    },
  },
  error: {
    description: 'Why the sender could not download the file: the first line of its error.',
    absent: 'if there was no error',
  },
};

const locationFields: FieldDocs<NonNullable<Message['location']>> = {
  latitude: { description: 'North is positive.', unit: 'degrees' },
  longitude: { description: 'East is positive.', unit: 'degrees' },
  live: { description: 'Whether the author shares the position as it moves.' },
  name: { description: 'Name of the place.' },
  address: { description: 'Postal address of the place.' },
  url: { description: 'URL from the author’s map application.' },
  description: { description: 'Text about the place.' },
};

/** The fields for the parties of an event. */
export const partiesFields: FieldDocs<Pick<Message, 'chat' | 'author' | 'direction'>> = {
  chat: {
    description:
      'The chat: the other person in a direct chat, otherwise the group, the channel or the status feed.',
  },
  author: {
    description: 'The person who wrote the message. This account if `direction` is `outbound`.',
    absent: 'in channels, and if the payload does not name the person',
  },
  direction: {
    description: '`outbound`: this account wrote the message, on any of its devices.',
    source: '`fromMe`, else the message id',
  },
};

/** The fields of a message. */
export const messageFields: FieldDocs<Message> = {
  messageId: { description: 'The id of the message, split into its parts.', source: '`id`' },
  ...partiesFields,
  sentAt: {
    description: 'When the author sent it, to the second.',
    unit: 'ISO-8601 UTC',
    source: '`timestamp`',
  },
  authorName: {
    description: 'Name that the author chose for themselves. Anyone may choose any name.',
    source: '`_data.pushName`, `_data.Info.PushName` or `_data.notifyName`',
  },
  source: {
    description:
      '`api`: the message was sent through the sender’s API. Inbound messages are always `app`. Ten minutes after sending, or after a restart, NOWEB and WEBJS report `app` for messages sent through the API: recognize them by the id that the API returned.',
  },
  ...contentFieldDocs,
  body: {
    description:
      'Text that people see: the text of the message, the caption of its file, the title of the selected option, the question of a poll, the name of a calendar event, or the text above buttons.',
    absent: 'if there is no text; thumbnails and cards that WEBJS puts here are omitted',
  },
  hasMedia: {
    description:
      'Whether the message has a file. `media.available` is whether it can be downloaded.',
  },
  media: {
    description: 'The file of the message, whether it was downloaded or not.',
    absent: 'if the message has no file',
    fields: mediaFields,
  },
  location: { description: 'The place that the message shares.', fields: locationFields },
  vcards: {
    description: 'The contact cards of the message, unchanged; `contacts` has them parsed.',
    unit: 'vCard text',
  },
  ...contextFieldDocs,
  replyTo: {
    description: 'The message that this one answers.',
    absent: 'if it is not an answer',
    fields: {
      messageId: { description: 'Bare id of the message that this one answers.' },
      author: { description: 'Author of the answered message.' },
      chat: {
        description:
          'The chat of the answered message: usually the same chat; its kind is `status` if a status post is answered.',
      },
      body: { description: 'Text of the answered message.' },
      hasMedia: { description: 'Whether the answered message has a file.' },
      media: { description: 'The file of the answered message.', fields: mediaFields },
    },
  },
  ack: {
    description: 'Acknowledgement level of the message when the webhook was created.',
    absent: 'if the payload has no acknowledgement',
    fields: ackFields,
  },
};
