import type { Condition, Operand } from './condition.ts';
import type { Path } from './token-reader.ts';

/** All paths that a condition looks at. */
export function pathsIn(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsIn(condition.remaining), ...pathsIn(condition.right)];
    case 'not':
      return pathsIn(condition.condition);
    case 'exists':
    case 'missing':
      return [condition.path];
    case 'compare':
      return [condition.remaining, condition.right].flatMap(pathOf);
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
