import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import type { Condition } from './condition.ts';
import { type Parsed, parseCondition } from './parse-condition.ts';
import { parseUpdate, type UpdateStep } from './parse-update.ts';
import { Placeholders } from './placeholders.ts';
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
export function parseProjection(text: string): Parsed<readonly Path[]> {
  const reader = new TokenReader(text, 'ProjectionExpression');
  const tree = [reader.path()];
  while (reader.takesSign(',')) {
    tree.push(reader.path());
  }
  reader.expectEnd();
  return { tree, aliases: reader.aliases, values: reader.values };
}
