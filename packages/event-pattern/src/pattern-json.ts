/** The position of an error in a pattern's text. */
interface PatternLocation {
  readonly text: string;
  /** Offset in characters, behind the part that was read last. */
  readonly offset: number;
}

/**
 * EventBridge does not accept the pattern. The message has the wording of `PutRule` and
 * `TestEventPattern`: the reason, the pattern's text, line and column.
 */
export class InvalidEventPattern extends Error {
  /** The cause alone, for example `Empty arrays are not allowed`. */
  readonly reason: string;

  constructor(reason: string, at?: PatternLocation) {
    super(`Event pattern is not valid. Reason: ${reason}${at ? locate(at) : ''}`);
    this.name = 'InvalidEventPatternException';
    this.reason = reason;
  }
}

function locate({ text, offset }: PatternLocation): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return `\n at [Source: (String)"${text}"; line: ${line}, column: ${column}]`;
}

/**
 * The JSON of a pattern with what `JSON.parse` loses: the order of members (a later one overrides an
 * earlier one of the same path, also across `$or`), the text of numbers (those beyond the comparable
 * range match by their text), and offsets for error messages.
 */
export type PatternJson = { readonly end: number } & (
  | { readonly kind: 'object'; readonly members: readonly PatternMember[] }
  | { readonly kind: 'array'; readonly items: readonly PatternJson[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number' | 'word'; readonly text: string }
);

interface PatternMember {
  readonly name: string;
  readonly nameEnd: number;
  readonly value: PatternJson;
}

/** Jackson, which reads patterns on AWS, refuses deeper nesting (StreamReadConstraints). */
const maxNesting = 1000;

const space = /[ \t\r\n]*/y;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordPattern = /[A-Za-z0-9_$]+/y;

/** Reads a pattern's text. Throws {@link InvalidEventPattern} where it is not JSON. */
export function readPatternJson(text: string): PatternJson {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

/** Writes a value back as compact JSON, numbers as they were written. */
export function printPatternJson(json: PatternJson): string {
  switch (json.kind) {
    case 'object':
      return `{${json.members.map((m) => `${JSON.stringify(m.name)}:${printPatternJson(m.value)}`)}}`;
    case 'array':
      return `[${json.items.map(printPatternJson)}]`;
    case 'string':
      return JSON.stringify(json.text);
    default:
      return json.text;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PatternJson {
    if (depth > maxNesting) {
      this.#fail(`Document nesting depth exceeds ${maxNesting}`);
    }
    this.#skip(space);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"': {
        // Errors about a string point behind its opening quote, as Jackson reads its text lazily.
        const end = this.#at + 1;
        return { kind: 'string', text: this.#string(), end };
      }
      default:
        return this.#scalar();
    }
  }

  expectEnd(): void {
    this.#skip(space);
    if (this.#at < this.#text.length) {
      this.#unexpected('expected end of input');
    }
  }

  #object(depth: number): PatternJson {
    const members: PatternMember[] = [];
    this.#at += 1;
    for (;;) {
      this.#skip(space);
      if (this.#text[this.#at] === '}' && members.length === 0) {
        break;
      }
      if (this.#text[this.#at] !== '"') {
        this.#unexpected('was expecting double-quote to start field name');
      }
      const name = this.#string();
      this.#skip(space);
      this.#expect(':', 'was expecting a colon to separate field name and value');
      const nameEnd = this.#at;
      members.push({ name, nameEnd, value: this.value(depth + 1) });
      this.#skip(space);
      if (this.#text[this.#at] === '}') {
        break;
      }
      this.#expect(',', 'was expecting comma to separate Object entries');
    }
    this.#at += 1;
    return { kind: 'object', members, end: this.#at };
  }

  #array(depth: number): PatternJson {
    const items: PatternJson[] = [];
    this.#at += 1;
    for (;;) {
      this.#skip(space);
      if (this.#text[this.#at] === ']' && items.length === 0) {
        break;
      }
      items.push(this.value(depth + 1));
      this.#skip(space);
      if (this.#text[this.#at] === ']') {
        break;
      }
      this.#expect(',', 'was expecting comma to separate Array entries');
    }
    this.#at += 1;
    return { kind: 'array', items, end: this.#at };
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') {
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    if (end >= this.#text.length) {
      this.#fail('Unexpected end-of-input in VALUE_STRING');
    }
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      return this.#fail('Illegal character or escape in a string value');
    }
  }

  #scalar(): PatternJson {
    const number = this.#skip(numberPattern);
    if (number) {
      return { kind: 'number', text: number, end: this.#at };
    }
    const word = this.#skip(wordPattern);
    if (word === 'true' || word === 'false' || word === 'null') {
      return { kind: 'word', text: word, end: this.#at };
    }
    const expected =
      "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    return word
      ? this.#fail(`Unrecognized token '${word}': ${expected}`)
      : this.#unexpected(expected);
  }

  #skip(token: RegExp): string {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #expect(character: string, otherwise: string): void {
    if (this.#text[this.#at] !== character) {
      this.#unexpected(otherwise);
    }
    this.#at += 1;
  }

  #unexpected(expected: string): never {
    const character = this.#text[this.#at];
    if (character === undefined) {
      return this.#fail('Unexpected end-of-input');
    }
    this.#at += 1;
    const code = character.charCodeAt(0);
    return this.#fail(`Unexpected character ('${character}' (code ${code})): ${expected}`);
  }

  #fail(reason: string): never {
    throw new InvalidEventPattern(reason, { text: this.#text, offset: this.#at });
  }
}

/** Refuses the pattern for a reason, at an offset of its text. */
export interface Fail {
  (reason: string, offset: number): never;
  /** Runs `read`; an error that it throws becomes the reason for refusing the pattern. */
  from<T>(read: () => T, offset: number): T;
}

export function failIn(text: string): Fail {
  const fail = (reason: string, offset: number): never => {
    throw new InvalidEventPattern(reason, { text, offset });
  };
  const from = <T>(read: () => T, offset: number): T => {
    try {
      return read();
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error), offset);
    }
  };
  return Object.assign(fail, { from });
}

/** The one member that an operator's object may have. */
export function onlyMember(json: PatternJson, ifNone: string, fail: Fail): PatternMember {
  const [first, second] = json.kind === 'object' ? json.members : [];
  if (!first) {
    return fail(ifNone, json.end);
  }
  if (second) {
    return fail('Only one key allowed in match expression', second.nameEnd);
  }
  return first;
}

export function readString(json: PatternJson, otherwise: string, fail: Fail): string {
  return json.kind === 'string' ? json.text : fail(otherwise, json.end);
}
