/** The time since a moment, in the largest unit that is at least 1. */
export function age(since: number, now: number): string {
  const seconds = Math.max(0, (now - since) / 1_000);
  if (seconds < 60) {
    return `${Math.floor(seconds)} s`;
  }
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3_600)} h`;
  }
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A duration, in milliseconds. */
export const duration = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : age(0, ms);

/** A whole number, with separators. */
export const number = (value: number): string => value.toLocaleString('en');

/** Events per second. */
export const perSecond = (rate: number): string =>
  `${rate.toFixed(rate > 0 && rate < 10 ? 1 : 0)}/s`;

/** A number of bytes. */
export const bytes = (count: number): string =>
  count < 1_000
    ? `${count} B`
    : count < 1_000_000
      ? `${Math.round(count / 1_000)} KB`
      : `${(count / 1_000_000).toFixed(1)} MB`;

/** `1 message`, `2 messages`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** What the senders are called. */
export const senderNames: Readonly<Record<string, string>> = { waha: 'WAHA', wawp: 'Wawp' };

/** `membersCanEditInfo` as words. */
export const inWords = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

/** Characters that change the direction of the text around them. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g;

const codePoint = (character: string) =>
  `[U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`;

/** Untrusted text. Characters that would change the direction of surrounding text are shown by name. */
export const tame = (text: string): string => text.replace(turns, codePoint);

/** Invisible characters and those that change the direction of text. As JSON escapes they have the same meaning. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A value as JSON in one line, with invisible characters escaped. */
export const jsonText = (value: unknown): string =>
  (JSON.stringify(value) ?? '').replace(
    unseen,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** One line of formatted JSON. */
export interface JsonLine {
  readonly indent: number;
  /** Name of the field, as JSON; absent for items of a list and for ends. */
  readonly name?: string;
  readonly text: string;
  /** Names joined by dots, `items[0]` for items, of a line that holds a value. */
  readonly path?: string;
}

/** Values that would be indented further are written in one line. */
const maxIndent = 60;

/** Formats a value as JSON, line by line, with the path of each value. */
export function jsonLines(value: unknown): readonly JsonLine[] {
  const lines: JsonLine[] = [];
  const write = (
    here: unknown,
    path: string,
    indent: number,
    name: string | undefined,
    end: string,
  ) => {
    const known = { indent, ...(name !== undefined && { name }) };
    const isList = Array.isArray(here);
    if (
      typeof here !== 'object' ||
      here === null ||
      Object.keys(here).length === 0 ||
      indent >= maxIndent
    ) {
      lines.push({ ...known, text: jsonText(here) + end, path });
      return;
    }
    const inner = Object.entries(here);
    lines.push({ ...known, text: isList ? '[' : '{', path });
    for (const [at, [key, each]] of inner.entries()) {
      const place = isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      const comma = at < inner.length - 1 ? ',' : '';
      write(each, place, indent + 1, isList ? undefined : jsonText(key), comma);
    }
    lines.push({ indent, text: (isList ? ']' : '}') + end });
  };
  write(value, '', 0, undefined, '');
  return lines;
}
