import * as v from 'valibot';
import { field } from '../data-field.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { ownText } from '../own.ts';
import { present, presentOrNone } from '../present.ts';
import { opaque, wireText } from '../wire-value.ts';

/** WAHA's media object. It never holds the bytes, only a link to them. */
export const wireMedia = v.nullish(
  v.object({
    url: wireText,
    mimetype: wireText,
    filename: wireText,
    s3: v.nullish(v.object({ Bucket: wireText, Key: wireText })),
    error: opaque,
  }),
);

/** The file of a message. */
export const mediaData = lazySchema(() =>
  v.object({
    url: field(
      v.string(),
      'Link to the file on the sender’s server. WAHA asks for its `X-Api-Key` and deletes local files after 180 seconds by default.',
      { absent: 'where the file was not downloaded' },
    ),
    mimetype: field(v.string(), 'Media type of the file.'),
    filename: field(v.string(), 'Name that the author gave the file.'),
    s3: field(
      v.object({ bucket: field(v.string(), 'Bucket.'), key: field(v.string(), 'Object key.') }),
      'Where the file lies, if the sender stores media in S3.',
      { absent: 'unless the sender stores media in S3' },
    ),
    error: field(v.string(), 'Why the sender could not download the file, in its words.', {
      absent: 'where nothing went wrong',
    }),
  }),
);

/** Longer error texts are cut: a stack trace is no message. */
const LONGEST_ERROR = 500;

type WireMedia = v.InferOutput<typeof wireMedia>;

/** Reads the media object; `mediaUrl` is WAHA's older field beside it. */
export function readMedia(
  media: WireMedia,
  mediaUrl?: string | null,
): OutputOf<typeof mediaData> | undefined {
  return presentOrNone({
    url: media?.url || mediaUrl || undefined,
    mimetype: media?.mimetype || undefined,
    filename: media?.filename || undefined,
    s3: media?.s3
      ? present({ bucket: media.s3.Bucket ?? undefined, key: media.s3.Key ?? undefined })
      : undefined,
    error: readError(media?.error),
  });
}

function readError(error: unknown): string | undefined {
  if (error === null || error === undefined || error === false) return undefined;
  const text = typeof error === 'string' && error !== '' ? error : ownText(error, 'message');
  return (text ?? 'unknown').slice(0, LONGEST_ERROR);
}
