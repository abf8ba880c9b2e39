import { endOfString } from './json.ts';

/** More nesting than any sender has, and half of what EventBridge takes (1,000 levels). */
export const maxDepth = 500;

/**
 * More fields and items than any sender has: a group of 1,024 members has some ten thousand. Parsing this
 * many different names takes a tenth of a second; what holds more is kept as text.
 */
export const widest = 100_000;

/** What the bytes of a request are as text. */
export type WebhookText =
  | { readonly text: string; readonly encoding?: undefined }
  | { readonly text: string; readonly encoding: 'base64' };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A mark that some write before text in UTF-8, and that means nothing. */
const byteOrderMark = '\uFEFF';

/**
 * A body as text; as base64 where its bytes are no UTF-8, so that nothing is lost. What comes as text
 * is read as its bytes would be.
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

/** Whether JSON text holds more than {@link widest} fields and items. Linear in its length. */
export function isTooWide(text: string): boolean {
  // Each but the first of its object or list has a comma before it, and takes two characters at least.
  if (text.length < 2 * widest) {
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
  return count > widest;
}

/** A text with few opening brackets cannot be deep; to count them is much faster than to look inside. */
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

const quote = 0x22;
const comma = 0x2c;
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);

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
