/** No character of a string takes more bytes in UTF-8: two of four bytes are a pair of surrogates. */
const mostBytesOfCharacter = 3;

/** Whether a body has more bytes than this. Text is measured only where it could have that many. */
export function isLarger(body: Uint8Array | string, bytes: number): boolean {
  if (typeof body !== 'string') return body.length > bytes;
  return body.length * mostBytesOfCharacter > bytes && Buffer.byteLength(body) > bytes;
}
