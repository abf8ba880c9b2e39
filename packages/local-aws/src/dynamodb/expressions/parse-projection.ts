import type { Parsed } from './parse-condition.ts';
import { type Path, TokenReader } from './token-reader.ts';

/** Parses the paths that a request wants to see. */
export function parseProjection(text: string): Parsed<readonly Path[]> {
  const reader = new TokenReader(text, 'ProjectionExpression');
  const tree = [reader.path()];
  while (reader.takesSign(',')) tree.push(reader.path());
  reader.expectEnd();
  return { tree, aliases: reader.aliases, values: reader.values };
}
