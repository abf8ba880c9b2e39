import type { Parsed } from './condition.ts';
import { type Path, TokenReader } from './token-reader.ts';

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
      throw reader.wrong(`The "${section}" section can only be used once in an update expression;`);
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
    throw reader.wrong(`Invalid function name; function: ${text}`);
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
