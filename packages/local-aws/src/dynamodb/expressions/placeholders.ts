import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { checkValue } from '../values/check-value.ts';
import type { Parsed } from './parse-condition.ts';
import type { ExpressionName, Path } from './token-reader.ts';

/**
 * The values of `#name` and `:value` in one request. Each must be used by one of its expressions.
 */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #used = new Set<string>();

  constructor({ ExpressionAttributeNames, ExpressionAttributeValues }: JsonObject) {
    this.#names = readNames(ExpressionAttributeNames);
    this.#values = new Map(
      entriesOf(ExpressionAttributeValues, 'ExpressionAttributeValues', ':').map(
        ([name, value]) => [name, checkValue(value)],
      ),
    );
  }

  /** Throws when an expression uses a placeholder that is not defined. */
  bind(name: ExpressionName, { aliases, values }: Parsed<unknown>): void {
    for (const alias of aliases) {
      this.#used.add(alias);
      if (!this.#names.has(alias)) {
        throw invalid(
          `Invalid ${name}: An expression attribute name used in the document path is not defined; attribute name: ${alias}`,
        );
      }
    }
    for (const value of values) {
      this.#used.add(value);
      if (!this.#values.has(value)) {
        throw invalid(
          `Invalid ${name}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
        );
      }
    }
  }

  /** Throws when a placeholder is defined that no expression uses. */
  expectAllUsed(anyExpression: boolean): void {
    this.#expectUsed('ExpressionAttributeNames', this.#names, anyExpression);
    this.#expectUsed('ExpressionAttributeValues', this.#values, anyExpression);
  }

  /** The path in the item's own names. */
  resolve(path: Path): Path {
    if (this.#names.size === 0) {
      return path;
    }
    return path.map((step) => (typeof step === 'string' ? (this.#names.get(step) ?? step) : step));
  }

  value(placeholder: string): AttributeValue {
    return this.#values.get(placeholder) as AttributeValue;
  }

  #expectUsed(parameter: string, defined: ReadonlyMap<string, unknown>, anyExpression: boolean) {
    if (defined.size === 0) {
      return;
    }
    if (!anyExpression) {
      throw invalid(`${parameter} can only be specified when using expressions`);
    }
    const unused = [...defined.keys()].filter((name) => !this.#used.has(name));
    if (unused.length > 0) {
      throw invalid(
        `Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`,
      );
    }
  }
}

function readNames(input: unknown): ReadonlyMap<string, string> {
  const entries = entriesOf(input, 'ExpressionAttributeNames', '#');
  for (const [alias, name] of entries) {
    if (typeof name !== 'string' || name === '') {
      throw invalid(`ExpressionAttributeNames contains invalid value: ${alias}`);
    }
  }
  return new Map(entries as [string, string][]);
}

function entriesOf(input: unknown, parameter: string, sign: string): [string, unknown][] {
  if (input === undefined || input === null) {
    return [];
  }
  if (typeof input !== 'object' || Array.isArray(input)) {
    throw invalid(`${parameter} must be a map`);
  }
  const entries = Object.entries(input);
  if (entries.length === 0) {
    throw invalid(`${parameter} must not be empty`);
  }
  for (const [name] of entries) {
    if (!new RegExp(`^${sign}[A-Za-z0-9_]+$`).test(name)) {
      throw invalid(`${parameter} contains invalid key: Syntax error; key: "${name.slice(0, 64)}"`);
    }
  }
  return entries;
}
