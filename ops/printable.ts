/**
 * Control characters could control the terminal; bidirectional control characters could misrepresent the
 * text.
 */
const unprintable = /[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Untrusted text made safe for a terminal: one line, without control characters, at most `length` long. */
export function printable(text: string, length = 80): string {
  const clean = text
    .slice(0, 4 * length)
    .replace(unprintable, '�')
    .toWellFormed();
  return clean.length > length ? `${clean.slice(0, length - 1)}…` : clean;
}

/**
 * A value as JSON that is safe for a terminal. JSON itself escapes only the ASCII control characters.
 */
export function printableJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(
    /[\u007F-\u009F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
