import type { DataOf } from '../envelope.ts';
import type { FieldDocs } from '../event-type-docs.ts';
import { ackFields } from '../parts.docs.ts';
import { contentFieldDocs, contextFieldDocs } from './content-data.docs.ts';

type Message = DataOf<'message'>;

const mediaFields: FieldDocs<NonNullable<Message['media']>> = {
  available: {
    description:
      'Whether the sender has downloaded the file, so that `url` or `s3` leads to it. Ask for this, not for `media`, before a download.',
  },
  url: {
    description:
      'Link to the file on the sender’s server. WAHA asks for its `X-Api-Key` and deletes local files after 180 seconds by default.',
    absent: 'where the file was not downloaded',
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
    description: 'True for a moving sticker, and for a video that plays like a GIF.',
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
    absent: 'where nothing went wrong',
  },
};

const locationFields: FieldDocs<NonNullable<Message['location']>> = {
  latitude: { description: 'North is positive.', unit: 'degrees' },
  longitude: { description: 'East is positive.', unit: 'degrees' },
  live: { description: 'Whether the author shares the position as it moves.' },
  name: { description: 'Name of the place.' },
  address: { description: 'Postal address of the place.' },
  url: { description: 'Link that the author’s map application gave.' },
  description: { description: 'Text about the place.' },
};

/** The fields for the parties of an event. */
export const partiesFields: FieldDocs<Pick<Message, 'chat' | 'author' | 'direction'>> = {
  chat: {
    description:
      'The chat: the other person in a direct chat, else the group, channel or status feed.',
  },
  author: {
    description: 'The person who wrote it. This account itself where `direction` is `outbound`.',
    absent: 'in channels, and where the payload does not name the person',
  },
  direction: {
    description: '`outbound` is what this account wrote, on whichever of its devices.',
    source: '`fromMe`, else the message id',
  },
};

/** The fields of a message. */
export const messageFields: FieldDocs<Message> = {
  messageId: { description: 'The message’s id in its parts.', source: '`id`' },
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
      '`api`: sent through the sender’s API, so that it is an echo of one’s own call. Inbound messages are always `app`. NOWEB and WEBJS forget what they sent after ten minutes or a restart and then say `app`: recognize your own messages by the id that the API returned.',
  },
  ...contentFieldDocs,
  body: {
    description:
      'Text that people see: of the message, or the caption of its file, the title of a choice, the question of a poll, the name of an event, the text over buttons.',
    absent: 'where there is no text; thumbnails and cards that WEBJS puts here are omitted',
  },
  hasMedia: {
    description:
      'Whether the message has a file. Whether there is anything to download says `media.available`.',
  },
  media: {
    description: 'The file of the message, whether it was downloaded or not.',
    absent: 'without a file',
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
    absent: 'where it answers none',
    fields: {
      messageId: { description: 'Bare id of the message that this one answers.' },
      author: { description: 'Who wrote the answered message.' },
      chat: {
        description:
          'The chat of the answered message: of the kind `status` where a story is answered, else mostly the same chat.',
      },
      body: { description: 'Text of the answered message.' },
      hasMedia: { description: 'Whether the answered message has a file.' },
      media: { description: 'The file of the answered message.', fields: mediaFields },
    },
  },
  ack: {
    description: 'Acknowledgement level of the message when the webhook was created.',
    absent: 'where the payload has no acknowledgement at all',
    fields: ackFields,
  },
};
