import { InvalidEventPattern } from './pattern-json.ts';

/**
 * A wildcard pattern cut at its asterisks: the literal pieces that must follow one another. The
 * quotation marks around every string value belong to the first and the last.
 */
interface Wildcard {
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
      if (next === '*') {
        throw new Error(`Consecutive wildcard characters at pos ${at + 1}`);
      }
      pieces.push(piece);
      piece = '';
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        throw new Error(`Invalid escape character at pos ${at + 1}`);
      }
      piece += next;
      at += 1;
    } else {
      piece += character;
    }
  }
  return { pieces: [...pieces, `${piece}"`] };
}

/**
 * Whether the full text matches. Each piece is matched at its first occurrence: no backtracking.
 */
export function matchesWildcard(text: string, { pieces }: Wildcard): boolean {
  const first = pieces[0] ?? '';
  if (pieces.length === 1) {
    return text === first;
  }
  const last = pieces.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    at = text.indexOf(piece, at);
    if (at < 0) {
      return false;
    }
    at += piece.length;
  }
  return at <= end;
}

/**
 * The maximum number of wildcard prefixes that one value may satisfy at the same time. AWS
 * documents the criterion ("Wildcard matching complexity") but not the number; its answers show that
 * it is ten.
 */
const maxPrefixes = 10;

/**
 * Maximum number of states, far above what an acceptable pattern has; a pattern that needs more is
 * refused.
 */
const maxStates = 5000;

/** A field of a pattern, with what determines the complexity of its wildcards. */
interface WildcardField {
  readonly path: string;
  /** The field's list as compact JSON. */
  readonly expected: string;
  /** The wildcards of each entry of the list that has some. */
  readonly wildcards: readonly (readonly string[])[];
}

/** Throws {@link InvalidEventPattern} when a field's wildcards are too complex for EventBridge. */
export function refuseComplexWildcards(branches: readonly (readonly WildcardField[])[]): void {
  const checked = new Map<string, Set<string>>();
  for (const branch of branches) {
    // Branches that are equal before a field share that field's wildcards.
    let before = '';
    for (const leaf of branch) {
      if (leaf.wildcards.length > 0) {
        const key = `${before}${leaf.path}`;
        const entries = checked.get(key) ?? new Set<string>();
        for (const entry of leaf.wildcards) {
          entries.add(JSON.stringify(entry));
        }
        checked.set(key, entries);
      }
      before += `${leaf.path}:${leaf.expected}\n`;
    }
  }
  for (const entries of checked.values()) {
    const wildcards = [...entries].map((entry) => JSON.parse(entry) as string[]);
    if (largestPrefixCount(wildcards) > maxPrefixes) {
      throw new InvalidEventPattern(
        'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
      );
    }
  }
}

/** A position in a wildcard, before or behind one of its tokens. */
interface Position {
  /**
   * Positions with the same id count once: up to the first asterisk, wildcards of one entry share the
   * positions of their common beginning.
   */
  readonly id: string;
  readonly tokens: readonly string[];
  readonly at: number;
}

const anyText = '';

/** The largest number of positions that one value can reach, over all values. */
function largestPrefixCount(entries: readonly (readonly string[])[]): number {
  const wildcards = entries.flatMap((texts, entry) => texts.map((text) => ({ entry, text })));
  const starts = wildcards.map(({ entry, text }) => positionsOf(entry, tokensOf(text)));
  const alphabet = new Set(
    starts.flatMap((positions) => positions.flatMap(({ tokens }) => tokens)),
  );
  const seen = new Set<string>();
  const pending: Position[][][] = [starts.map((positions) => positions.slice(0, 1))];
  let max = 0;
  for (let reached = pending.pop(); reached; reached = pending.pop()) {
    for (const character of alphabet) {
      const next = reached.map((active, index) => step(active, starts[index] ?? [], character));
      const ids = [...new Set(next.flatMap((active) => active.map((position) => position.id)))];
      max = Math.max(max, ids.length);
      if (max > maxPrefixes || seen.size > maxStates) {
        return Number.POSITIVE_INFINITY;
      }
      const key = ids.sort().join();
      if (ids.length === 0 || seen.has(key)) {
        continue;
      }
      seen.add(key);
      pending.push(next);
    }
  }
  return max;
}

/** The characters of a wildcard with its quotation marks, {@link anyText} for an asterisk. */
function tokensOf(text: string): string[] {
  const tokens = ['"'];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') {
      at += 1;
    } else if (text[at] === '*') {
      tokens.push(anyText);
      continue;
    }
    tokens.push(text.charAt(at));
  }
  return [...tokens, '"'];
}

/** All positions of one wildcard: before its first token, and behind each. */
function positionsOf(entry: number, tokens: readonly string[]): Position[] {
  const firstAny = tokens.indexOf(anyText);
  return Array.from({ length: tokens.length + 1 }, (_, at) => {
    const shared = firstAny < 0 || at <= firstAny + 1;
    const beginning = JSON.stringify(shared ? tokens.slice(0, at) : [tokens, at]);
    return { id: `${entry}${beginning}`, tokens, at };
  });
}

/**
 * The positions that one wildcard reaches from its active positions with a character; an asterisk also
 * matches the empty text.
 */
function step(
  active: readonly Position[],
  positions: readonly Position[],
  character: string,
): Position[] {
  const reached = new Set<number>();
  for (const { tokens, at } of active) {
    const isAny = at > 0 && tokens[at - 1] === anyText;
    if (isAny) {
      reached.add(at);
    }
    if (tokens[at] === character && character !== anyText) {
      reached.add(at + 1);
    }
  }
  for (const at of [...reached]) {
    if (positions[at]?.tokens[at] === anyText) {
      reached.add(at + 1);
    }
  }
  return [...reached].flatMap((at) => positions[at] ?? []);
}
