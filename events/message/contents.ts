/**
 * The content of a message, in one word. `other`: the catalog does not know it, or consumers have no use for
 * it.
 */
export const contents = [
  'text',
  'image',
  'video',
  'audio',
  'voice',
  'sticker',
  'document',
  'location',
  'live-location',
  'contacts',
  'poll',
  'event',
  'choice',
  'interactive',
  'order',
  'product',
  'album',
  'group-invite',
  'pin',
  'system',
  'unavailable',
  'other',
] as const;

/** See {@link contents}. */
export type Content = (typeof contents)[number];

/** Contents that have a file. */
export const mediaContents: ReadonlySet<Content | undefined> = new Set<Content>([
  'image',
  'video',
  'audio',
  'voice',
  'sticker',
  'document',
]);
