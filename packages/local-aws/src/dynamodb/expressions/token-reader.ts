import { invalid } from '../dynamo-error.ts';
import { isReserved } from './reserved-words.ts';

/** One step into an item: an attribute's name, `#placeholder` for one, or an index into a list. */
export type Step = string | number;

/** The path of a value in an item. */
export type Path = readonly Step[];

/** The parameter that an expression came in, as errors name it. */
export type ExpressionName =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** Reads an expression token by token, and collects its placeholders. */
export class TokenReader {
  readonly aliases = new Set<string>();
  readonly values = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #text: string;
  readonly #name: ExpressionName;
  #next = 0;

  constructor(text: string, name: ExpressionName) {
    this.#text = text;
    this.#name = name;
    if (text.trim() === '') {
      throw this.wrong('The expression can not be empty;');
    }
    if (Buffer.byteLength(text) > maxExpressionLength) {
      throw this.wrong(
        `Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
      );
    }
    this.#tokens = readTokens(text);
  }

  /** The error for an invalid expression, with the reason. */
  wrong(what: string) {
    return invalid(`Invalid ${this.#name}: ${what}`);
  }

  peek(ahead = 0): Token {
    return (this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)) as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Consumes the sign if it is the next token. */
  takesSign(text: string): boolean {
    const { kind } = this.peek();
    if (kind !== 'sign' || this.peek().text !== text) {
      return false;
    }
    this.#next++;
    return true;
  }

  /** Consumes the keyword if it is the next token, in upper or lower case. */
  takesWord(word: string): boolean {
    if (!this.isWord(word)) {
      return false;
    }
    this.#next++;
    return true;
  }

  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'name' && text.toUpperCase() === word;
  }

  expectSign(text: string): void {
    if (!this.takesSign(text)) {
      throw this.unexpected();
    }
  }

  expectWord(word: string): void {
    if (!this.takesWord(word)) {
      throw this.unexpected();
    }
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') {
      throw this.unexpected();
    }
  }

  /** `#a.b[1]` and the like. */
  path(): Path {
    const steps: Step[] = [this.#step()];
    for (;;) {
      if (this.takesSign('.')) {
        steps.push(this.#step());
      } else if (this.takesSign('[')) {
        const index = this.take();
        if (index.kind !== 'integer') {
          throw this.unexpected(index);
        }
        steps.push(Number(index.text));
        this.expectSign(']');
      } else {
        return steps;
      }
    }
  }

  /** `:value` */
  value(): string {
    const token = this.take();
    if (token.kind !== 'value') {
      throw this.unexpected(token);
    }
    this.values.add(token.text);
    return token.text;
  }

  /** The error for a token that the grammar does not allow. */
  unexpected({ text, at, kind }: Token = this.peek()) {
    const near =
      kind === 'end'
        ? this.#text.slice(-16)
        : this.#text.slice(Math.max(0, at - 8), at + text.length + 8);
    return this.wrong(`Syntax error; token: "${text}", near: "${near.trim()}"`);
  }

  #step(): string {
    const token = this.take();
    if (token.kind === 'alias') {
      this.aliases.add(token.text);
      return token.text;
    }
    if (token.kind !== 'name') {
      throw this.unexpected(token);
    }
    if (isReserved(token.text)) {
      throw this.wrong(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }
}

/** One word or sign of an expression, and where it begins. */
export interface Token {
  readonly kind: 'name' | 'alias' | 'value' | 'integer' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const forms =
  /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
const kinds = ['alias', 'value', 'name', 'integer', 'sign'] as const;

/**
 * Maximum length of an expression (DynamoDB developer guide, "Constraints", Expression parameters).
 */
export const maxExpressionLength = 4_096;

/**
 * The tokens of an expression, an `end` last. Invalid text becomes a sign that no grammar accepts.
 */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const form = new RegExp(forms);
  for (;;) {
    const from = form.lastIndex;
    const found = form.exec(text);
    if (found) {
      const index = found.slice(1).findIndex((group) => group !== undefined);
      const word = found[index + 1] as string;
      tokens.push({ kind: kinds[index] ?? 'sign', text: word, at: form.lastIndex - word.length });
      continue;
    }
    const rest = text.slice(from).trimStart();
    const at = text.length - rest.length;
    if (rest !== '') {
      tokens.push({ kind: 'sign', text: rest.slice(0, 1), at });
    }
    tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
    return tokens;
  }
}
