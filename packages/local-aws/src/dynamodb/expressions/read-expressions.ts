import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { checkValue } from '../values/check-value.ts';
import {
  type Condition,
  type Parsed,
  parseCondition,
  parseUpdate,
  type UpdateStep,
} from './condition.ts';
import { type ExpressionName, type Path, TokenReader } from './token-reader.ts';

/** The expressions of one request, parsed, with the values of their placeholders. */
export interface Expressions {
  readonly placeholders: Placeholders;
  readonly condition?: Condition | undefined;
  readonly filter?: Condition | undefined;
  readonly keyCondition?: Condition | undefined;
  readonly projection?: readonly Path[] | undefined;
  readonly update?: readonly UpdateStep[] | undefined;
}

/** Parameters of the API before expressions (2014). Nothing here uses them. */
const legacy = [
  'AttributeUpdates',
  'AttributesToGet',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

/** Reads the expressions that a request has; the caller uses those that its action knows. */
export function readExpressions(input: JsonObject): Expressions {
  const old = legacy.find((name) => input[name] !== undefined);
  if (old) {
    throw invalid(`${old} is not supported by the local run: use an expression in its place.`);
  }
  const placeholders = new Placeholders(input);
  let any = false;
  const read = <Tree>(
    name: ExpressionName,
    parse: (text: string, name: ExpressionName) => Parsed<Tree>,
  ): Tree | undefined => {
    const text = input[name];
    if (text === undefined || text === null) {
      return undefined;
    }
    if (typeof text !== 'string') {
      throw invalid(`${name} must be a string`);
    }
    const parsed = remembered(text, name, parse);
    placeholders.bind(name, parsed);
    any = true;
    return parsed.tree;
  };
  const expressions = {
    placeholders,
    keyCondition: read('KeyConditionExpression', parseCondition),
    condition: read('ConditionExpression', parseCondition),
    filter: read('FilterExpression', parseCondition),
    update: read('UpdateExpression', parseUpdate),
    projection: read('ProjectionExpression', parseProjection),
  };
  placeholders.expectAllUsed(any);
  return expressions;
}

/** Parsed expressions are cached, because programs send the same few repeatedly. */
const maxRemembered = 200;
const parsed = new Map<string, Parsed<unknown>>();

function remembered<Tree>(
  text: string,
  name: ExpressionName,
  parse: (text: string, name: ExpressionName) => Parsed<Tree>,
): Parsed<Tree> {
  const key = `${name} ${text}`;
  const known = parsed.get(key);
  if (known) {
    return known as Parsed<Tree>;
  }
  const fresh = parse(text, name);
  if (parsed.size >= maxRemembered) {
    parsed.clear();
  }
  parsed.set(key, fresh);
  return fresh;
}

/** Parses a request's projection expression. */
function parseProjection(text: string): Parsed<readonly Path[]> {
  const reader = new TokenReader(text, 'ProjectionExpression');
  const tree = [reader.path()];
  while (reader.trySign(',')) {
    tree.push(reader.path());
  }
  reader.expectEnd();
  return { tree, aliases: reader.aliases, values: reader.values };
}

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
