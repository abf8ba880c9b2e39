import { type ExpressionName, type Path, TokenReader } from './token-reader.ts';

/** The value that SET assigns to a path. */
export type Assigned =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'ifNotExists'; readonly path: Path; readonly otherwise: Assigned }
  | { readonly kind: 'append'; readonly first: Assigned; readonly second: Assigned }
  | { readonly kind: 'plus' | 'minus'; readonly left: Assigned; readonly right: Assigned };

/** One step of an update. */
export type UpdateStep =
  | { readonly kind: 'set'; readonly path: Path; readonly to: Assigned }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly placeholder: string };

const sections = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/** Parses an update (DynamoDB developer guide, "Using update expressions in DynamoDB"). */
export function parseUpdate(text: string): Parsed<readonly UpdateStep[]> {
  const reader = new TokenReader(text, 'UpdateExpression');
  const seen = new Set<string>();
  const tree: UpdateStep[] = [];
  do {
    const section = sections.find((word) => reader.tryWord(word));
    if (!section) {
      throw reader.unexpected();
    }
    if (seen.has(section)) {
      throw reader.error(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    do {
      tree.push(readStep(reader, section));
    } while (reader.trySign(','));
  } while (reader.peek().kind !== 'end');
  return { tree, aliases: reader.aliases, values: reader.values };
}

function readStep(reader: TokenReader, section: (typeof sections)[number]): UpdateStep {
  const path = reader.path();
  if (section === 'REMOVE') {
    return { kind: 'remove', path };
  }
  if (section === 'SET') {
    reader.expectSign('=');
    return { kind: 'set', path, to: readAssigned(reader) };
  }
  return { kind: section === 'ADD' ? 'add' : 'delete', path, placeholder: reader.value() };
}

function readAssigned(reader: TokenReader): Assigned {
  const left = readTerm(reader);
  const kind = reader.trySign('+') ? 'plus' : reader.trySign('-') ? 'minus' : undefined;
  return kind ? { kind, left, right: readTerm(reader) } : left;
}

function readTerm(reader: TokenReader): Assigned {
  const { kind, text } = reader.peek();
  if (kind === 'value') {
    return { kind: 'value', placeholder: reader.value() };
  }
  if (reader.trySign('(')) {
    const inner = readAssigned(reader);
    reader.expectSign(')');
    return inner;
  }
  if (kind !== 'name' || reader.peek(1).text !== '(') {
    return { kind: 'path', path: reader.path() };
  }
  if (text !== 'if_not_exists' && text !== 'list_append') {
    throw reader.error(`Invalid function name; function: ${text}`);
  }
  reader.take();
  reader.expectSign('(');
  if (text === 'if_not_exists') {
    const path = reader.path();
    reader.expectSign(',');
    const otherwise = readTerm(reader);
    reader.expectSign(')');
    return { kind: 'ifNotExists', path, otherwise };
  }
  const first = readTerm(reader);
  reader.expectSign(',');
  const second = readTerm(reader);
  reader.expectSign(')');
  return { kind: 'append', first, second };
}

/** Operators that compare two operands. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** An operand: a value at a path, a `:value` of the request, or the size of the value at a path. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'size'; readonly of: Operand };

/** A condition, filter or key condition, parsed. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: 'between';
      readonly operand: Operand;
      readonly low: Operand;
      readonly high: Operand;
    }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'exists' | 'missing'; readonly path: Path }
  | {
      readonly kind: 'type' | 'begins' | 'contains';
      readonly operand: Operand;
      readonly argument: Operand;
    };

/** A parsed expression and the placeholders that it uses. Independent of any one request. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  readonly aliases: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** Maximum nesting of parentheses, ANDs and NOTs. Untrusted text must not exhaust the stack. */
const maxDepth = 150;

/**
 * Parses a condition, filter or key condition (DynamoDB developer guide, "Condition and filter
 * expressions, operators, and functions").
 */
export function parseCondition(text: string, name: ExpressionName): Parsed<Condition> {
  const reader = new TokenReader(text, name);
  const tree = readOr(reader, 0);
  reader.expectEnd();
  return { tree, aliases: reader.aliases, values: reader.values };
}

function readOr(reader: TokenReader, depth: number): Condition {
  let left = readAnd(reader, depth);
  while (reader.tryWord('OR')) {
    left = { kind: 'or', left, right: readAnd(reader, depth) };
  }
  return left;
}

function readAnd(reader: TokenReader, depth: number): Condition {
  let left = readNot(reader, depth);
  while (reader.tryWord('AND')) {
    left = { kind: 'and', left, right: readNot(reader, depth) };
  }
  return left;
}

function readNot(reader: TokenReader, depth: number): Condition {
  if (depth > maxDepth) {
    throw reader.error('The expression is nested too deeply;');
  }
  if (reader.tryWord('NOT')) {
    return { kind: 'not', condition: readNot(reader, depth + 1) };
  }
  if (reader.trySign('(')) {
    const inner = readOr(reader, depth + 1);
    reader.expectSign(')');
    return inner;
  }
  return readTest(reader);
}

/** Functions that are conditions by themselves, with their names in this parser. */
const tests = new Map([
  ['attribute_exists', 'exists'],
  ['attribute_not_exists', 'missing'],
  ['attribute_type', 'type'],
  ['begins_with', 'begins'],
  ['contains', 'contains'],
] as const);

const comparators: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

function readTest(reader: TokenReader): Condition {
  const { kind, text } = reader.peek();
  const isCall = kind === 'name' && reader.peek(1).text === '(';
  if (isCall && text !== 'size') {
    return readCall(reader);
  }
  const left = readOperand(reader);
  if (reader.tryWord('BETWEEN')) {
    const low = readOperand(reader);
    reader.expectWord('AND');
    return { kind: 'between', operand: left, low, high: readOperand(reader) };
  }
  if (reader.tryWord('IN')) {
    return { kind: 'in', operand: left, among: readList(reader) };
  }
  const comparator = reader.take();
  if (comparator.kind !== 'sign' || !comparators.has(comparator.text)) {
    throw reader.unexpected(comparator);
  }
  return {
    kind: 'compare',
    comparator: comparator.text as Comparator,
    left,
    right: readOperand(reader),
  };
}

function readCall(reader: TokenReader): Condition {
  const name = reader.take();
  const kind = tests.get(name.text as Parameters<typeof tests.get>[0]);
  if (!kind) {
    throw reader.error(`Invalid function name; function: ${name.text}`);
  }
  reader.expectSign('(');
  if (kind === 'exists' || kind === 'missing') {
    if (reader.peek().kind === 'value') {
      throw reader.error(
        `Operator or function requires a document path; operator or function: ${name.text}`,
      );
    }
    const path = reader.path();
    reader.expectSign(')');
    return { kind, path };
  }
  const operand = readOperand(reader);
  reader.expectSign(',');
  const argument = readOperand(reader);
  reader.expectSign(')');
  return { kind, operand, argument };
}

/** Maximum number of values of an IN (DynamoDB developer guide, the comparison operators). */
const maxAmong = 100;

function readList(reader: TokenReader): readonly Operand[] {
  reader.expectSign('(');
  const among = [readOperand(reader)];
  while (reader.trySign(',')) {
    among.push(readOperand(reader));
  }
  reader.expectSign(')');
  if (among.length > maxAmong) {
    throw reader.error(
      `Invalid number of operands for operator or function; operator or function: IN, number of operands: ${among.length}`,
    );
  }
  return among;
}

function readOperand(reader: TokenReader): Operand {
  const { kind, text } = reader.peek();
  if (kind === 'value') {
    return { kind: 'value', placeholder: reader.value() };
  }
  if (kind !== 'name' || reader.peek(1).text !== '(') {
    return { kind: 'path', path: reader.path() };
  }
  if (text !== 'size') {
    throw reader.error(
      `The function is not allowed to be used this way in an expression; function: ${text}`,
    );
  }
  reader.take();
  reader.expectSign('(');
  const of = readOperand(reader);
  reader.expectSign(')');
  return { kind: 'size', of };
}

/** All paths that a condition looks at. */
export function pathsIn(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsIn(condition.left), ...pathsIn(condition.right)];
    case 'not':
      return pathsIn(condition.condition);
    case 'exists':
    case 'missing':
      return [condition.path];
    case 'compare':
      return [condition.left, condition.right].flatMap(pathOf);
    case 'between':
      return [condition.operand, condition.low, condition.high].flatMap(pathOf);
    case 'in':
      return [condition.operand, ...condition.among].flatMap(pathOf);
    default:
      return [condition.operand, condition.argument].flatMap(pathOf);
  }
}

function pathOf(operand: Operand): readonly Path[] {
  if (operand.kind === 'size') {
    return pathOf(operand.of);
  }
  return operand.kind === 'path' ? [operand.path] : [];
}
