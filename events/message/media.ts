import * as v from 'valibot';
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
    url: v.optional(v.string()),
    mimetype: v.optional(v.string()),
    filename: v.optional(v.string()),
    s3: v.optional(v.object({ bucket: v.optional(v.string()), key: v.optional(v.string()) })),
    error: v.optional(v.string()),
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
