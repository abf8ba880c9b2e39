import { closing, comma, endOfString, opening, quote } from './json.ts';

/**
 * Maximum nesting of a body: more than any sender uses, and half of what EventBridge accepts (1,000 levels).
 */
export const maxDepth = 500;

/**
 * Maximum number of fields and items of a body: more than any sender sends. A group of 1,024 members has
 * about ten thousand. Parsing this many different names takes 0.1 s; a body with more is kept as text.
 */
export const maxWidth = 100_000;

/** The text of a request body. */
export type WebhookText =
  | { readonly text: string; readonly encoding?: undefined }
  | { readonly text: string; readonly encoding: 'base64' };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The byte order mark, which some programs write before UTF-8 text. */
const byteOrderMark = '\uFEFF';

/**
 * Decodes a body. If its bytes are not UTF-8 it is returned as base64, so that nothing is lost. A body that
 * is already text is treated like its bytes.
 */
export function decodeBody(body: Uint8Array | string): WebhookText {
  if (typeof body === 'string') {
    const text = body.toWellFormed();
    return { text: text.startsWith(byteOrderMark) ? text.slice(1) : text };
  }
  try {
    return { text: utf8.decode(body) };
  } catch {
    return { text: Buffer.from(body).toString('base64'), encoding: 'base64' };
  }
}

/** Whether JSON text nests more than {@link maxDepth} levels. Linear in its length, without recursion. */
export function isTooDeep(text: string): boolean {
  return hasMoreBrackets(text) && maxLevel(text) > maxDepth;
}

/** Whether JSON text has more than {@link maxWidth} fields and items. Linear in its length. */
export function isTooWide(text: string): boolean {
  // Each except the first of its object or list has a comma before it, and takes at least two characters.
  if (text.length < 2 * maxWidth) {
    return false;
  }
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (code === comma || opening.has(code)) {
      count += 1;
    }
  }
  return count > maxWidth;
}

/** A quick check: a text with few opening brackets cannot be deep. */
function hasMoreBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > maxDepth) {
        return true;
      }
    }
  }
  return false;
}

function maxLevel(text: string): number {
  let level = 0;
  let deepestLevel = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (opening.has(code)) {
      level += 1;
      if (level > deepestLevel) {
        deepestLevel = level;
      }
    } else if (closing.has(code)) {
      level -= 1;
    }
  }
  return deepestLevel;
}
