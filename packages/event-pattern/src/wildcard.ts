/**
 * A wildcard pattern cut at its asterisks: the literal pieces that must follow one another. The
 * quotation marks around every string value belong to the first and the last.
 */
export interface Wildcard {
  readonly pieces: readonly string[];
}

/**
 * Reads a wildcard pattern. `\*` and `\\` are a literal asterisk and backslash; any other escape
 * and two asterisks in a row are refused. Throws an Error with EventBridge's wording.
 */
export function readWildcard(pattern: string): Wildcard {
  const pieces: string[] = [];
  let piece = '"';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const next = pattern.charAt(at + 1);
    // Positions count the quotation mark that opens the value.
    if (character === '*') {
      if (next === '*') throw new Error(`Consecutive wildcard characters at pos ${at + 1}`);
      pieces.push(piece);
      piece = '';
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\')
        throw new Error(`Invalid escape character at pos ${at + 1}`);
      piece += next;
      at += 1;
    } else piece += character;
  }
  return { pieces: [...pieces, `${piece}"`] };
}

/** Whether the whole text matches. Each piece is taken at its first place: no backtracking. */
export function matchesWildcard(text: string, { pieces }: Wildcard): boolean {
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    at = text.indexOf(piece, at);
    if (at < 0) return false;
    at += piece.length;
  }
  return at <= end;
}
