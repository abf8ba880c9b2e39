import * as v from 'valibot';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { ownText, present } from '../own.ts';
import { opaque, wireText } from '../wire-value.ts';

/** WAHA's media object. It contains a link to the file, never its bytes. */
export const wireMedia = v.nullish(
  v.object({
    url: wireText,
    mimetype: wireText,
    filename: wireText,
    s3: v.nullish(v.object({ Bucket: wireText, Key: wireText })),
    error: opaque,
  }),
);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The file of a message. */
export const mediaData = lazySchema(() =>
  v.object({
    available: v.boolean(),
    url: v.optional(v.string()),
    mimetype: v.optional(v.string()),
    filename: v.optional(v.string()),
    s3: v.optional(v.object({ bucket: v.optional(v.string()), key: v.optional(v.string()) })),
    bytes: v.optional(count),
    seconds: v.optional(count),
    width: v.optional(count),
    height: v.optional(count),
    pages: v.optional(count),
    animated: v.optional(v.boolean()),
    error: v.optional(v.string()),
  }),
);

type Media = OutputOf<typeof mediaData>;

/** What the engine knows about a file, whether it was downloaded or not. */
export type MediaFacts = Pick<
  Media,
  'mimetype' | 'filename' | 'bytes' | 'seconds' | 'width' | 'height' | 'pages' | 'animated'
>;

/** Maximum length of an error text; a longer one, such as a stack trace, is cut. */
const maxError = 500;

/** Encrypted files on WhatsApp's servers, which WPP writes into `mediaUrl` before a file is downloaded. */
const encrypted = /^https?:\/\/[^/]+\.whatsapp\.net\//i;

type WireMedia = v.InferOutput<typeof wireMedia>;

/** Reads the file of a message. `mediaUrl` is WAHA's older field, and `facts` are from the engine's object. */
export function readMedia(
  media: WireMedia,
  mediaUrl: string | null | undefined,
  facts: MediaFacts | undefined,
): Media {
  const url = [media?.url, mediaUrl].find((each) => each && !encrypted.test(each)) ?? undefined;
  const s3 = media?.s3
    ? present({ bucket: media.s3.Bucket ?? undefined, key: media.s3.Key ?? undefined })
    : undefined;
  return present({
    available: url !== undefined || s3?.key !== undefined,
    url,
    mimetype: media?.mimetype || facts?.mimetype,
    filename: media?.filename || facts?.filename,
    s3,
    bytes: facts?.bytes,
    seconds: facts?.seconds,
    width: facts?.width,
    height: facts?.height,
    pages: facts?.pages,
    animated: facts?.animated,
    error: readError(media?.error),
  });
}

/** Reads the first line of the sender's error. GOWS sends gRPC's `{code, details}`. */
function readError(error: unknown): string | undefined {
  if (error === null || error === undefined || error === false) {
    return undefined;
  }
  const text =
    typeof error === 'string' && error !== ''
      ? error
      : (ownText(error, 'message') ?? ownText(error, 'details'));
  const line = text
    ?.slice(0, 4 * maxError)
    .trim()
    .split(/\r?\n/, 1)[0];
  return (line || 'unknown').slice(0, maxError);
}
