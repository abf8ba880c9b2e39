/** Fragments, which show something else than a payload: of these nobody could say what they are about. */
export const publishedFragments: ReadonlySet<string> = new Set([
  'group.join.WEBJS-docs.json',
  'group.join.openapi-2026.7.1.json',
  'group.leave.WEBJS-docs.json',
  'group.leave.openapi-2026.7.1.json',
  'message.WEBJS-docs-2023-engine-field.json',
  'message.WEBJS-hmac-example-fragment.json',
  'message.any.WEBJS-docs.json',
  'message.any.docs-2022-first-envelope.json',
  'message.docs-envelope-full.json',
  'message.docs-media-2023.json',
  'message.docs-media-url-null.json',
  'message.docs-metadata.json',
  'state.change.WEBJS-docs.json',
  'state.change.openapi-2026.7.1.json',
]);
